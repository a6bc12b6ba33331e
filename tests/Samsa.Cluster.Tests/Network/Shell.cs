using System.Diagnostics;

namespace Samsa.Cluster.Tests.Network;

/// <summary>Runs small system programs.</summary>
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a program to its end and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says with what.</exception>
    public static string Run(string program, params string[] arguments)
    {
        (int code, string output) = TryRun(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");
    }

    /// <summary>Runs a program to its end; the code is -1 where it does not exist.</summary>
    public static (int Code, string Output) TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return (-1, "it does not end");
            }

            return (process.ExitCode, output + error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    /// <summary>Several `ip` commands, one after the other.</summary>
    public static void Ip(params string[] commands)
    {
        foreach (string command in commands)
        {
            Run("ip", command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
