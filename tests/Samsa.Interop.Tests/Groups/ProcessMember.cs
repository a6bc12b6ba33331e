using System.Text.Json.Nodes;
using Samsa.Interop.Tests.Clients;

namespace Samsa.Interop.Tests.Groups;

/// <summary>A member that is a process of its own; a crash is SIGKILL.</summary>
internal sealed class ProcessMember : IGroupMember
{
    private readonly string _name;
    private readonly GroupLedger _ledger;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessMember(ClientKind kind, string name, string bootstrap, string group, GroupLedger ledger, JsonObject settings)
    {
        _name = name;
        _ledger = ledger;
        (settings["bootstrap"], settings["group"], settings["name"]) = (bootstrap, group, name);
        Process = ClientProcess.Start(kind, "member", settings, OnEvent);
    }

    /// <summary>For words and events beyond those of every member.</summary>
    public ClientProcess Process { get; }

    public async Task JoinedAsync()
    {
        try
        {
            await _joined.Task.WaitAsync(TimeSpan.FromSeconds(45));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_name} does not join\n{Process.Errors}\n{_ledger.History()}", e);
        }
    }

    public async Task StopAsync()
    {
        Process.Say("stop");
        await Process.NextAsync("closed");
        _ledger.Note($"{_name} left");
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _ledger.Note($"{_name} is gone");
    }

    private void OnEvent(ClientEvent e)
    {
        switch (e.Name)
        {
            case "assigned":
                _ledger.OnAssigned(_name, e.Partitions());
                _joined.TrySetResult();
                break;
            case "revoked" or "lost":
                _ledger.OnRevoked(_name, e.Partitions());
                break;
            case "read":
                _ledger.OnRead(_name, e.Text("topic")!, (int)e.Number("partition"), e.Numbers("offsets"));
                break;
            case "committed":
                foreach ((string topic, int partition, long offset) in e.Offsets())
                {
                    _ledger.OnCommitted(topic, partition, offset);
                }

                break;
            case "commit-failed":
                _ledger.OnCommitRefused(_name, e.Text("message")!);
                break;
            case "trouble" or "error":
                _ledger.Note($"{_name}: {e.Text("message")}");
                break;
        }
    }
}
