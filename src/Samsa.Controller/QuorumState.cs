using System.Text;
using System.Text.Json;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary><c>quorum-state</c>: who leads the metadata log, so that no epoch is ever led twice. JSON, as Kafka writes it.</summary>
internal static class QuorumState
{
    private const string FileName = "quorum-state";

    /// <summary>The last epoch that had a leader; -1 where the file is missing.</summary>
    /// <exception cref="LogCorruptException">The file is damaged.</exception>
    public static LeaderEpoch ReadEpoch(IFileSystem files, string directory)
    {
        var path = Path.Join(directory, FileName);
        if (!files.FileExists(path))
        {
            return LeaderEpoch.None;
        }

        try
        {
            using var json = JsonDocument.Parse(files.ReadAllBytes(path));
            return new LeaderEpoch(json.RootElement.GetProperty("leaderEpoch").GetInt32());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new LogCorruptException($"{path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Writes down, durably, that the node leads an epoch as the only voter.</summary>
    public static void WriteLeader(IFileSystem files, string directory, BrokerId node, LeaderEpoch epoch)
    {
        var text = $$"""
            {"clusterId":"","leaderId":{{node}},"leaderEpoch":{{epoch}},"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":{{node}}}],"data_version":0}
            """;
        files.ReplaceFile(Path.Join(directory, FileName), Encoding.ASCII.GetBytes(text), durable: true);
    }
}
