namespace Samsa.Cli;

/// <summary>What the process ends with; scripts may rely on these.</summary>
internal static class ExitCode
{
    /// <summary>Done, or shut down cleanly.</summary>
    public const int Success = 0;

    /// <summary>It could not start, or stopped because of a failure.</summary>
    public const int Failure = 1;

    /// <summary>The command line or a setting is wrong; nothing was touched.</summary>
    public const int Usage = 2;

    /// <summary>A second signal cut the shutdown short; the next start recovers.</summary>
    public const int Interrupted = 130;
}
