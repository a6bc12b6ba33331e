using Samsa.Interop.Processes;
using Samsa.Interop.Tests.Groups;

namespace Samsa.Interop.Tests.Kill;

/// <summary>SIGKILL of the broker while groups work: what was said to be committed stays committed, and no record is unread.</summary>
public sealed class GroupRestartTests(ITestOutputHelper output)
{
    private const int Rounds = 5;

    [Theory]
    [InlineData(MemberKind.LibrdkafkaRange, 3)]
    [InlineData(MemberKind.LibrdkafkaCooperative, 3)]
    [InlineData(MemberKind.LibrdkafkaConsumer, 3)]
    [InlineData(MemberKind.KafkaJs, 2)]
    public async Task Committed_offsets_never_go_back(MemberKind kind, int members)
    {
        using var data = new TemporaryDirectory();
        var settings = new BrokerSettings(data.Path, FreePort.Next()) { Properties = SharedBroker.ShortGroupTimeouts };
        BrokerProcess broker = await BrokerProcess.StartAsync(settings);
        try
        {
            await using GroupScene scene = await GroupScene.CreateAsync(broker.Bootstrap, "restarts", 6);
            scene.StartLoad();
            await scene.AddAsync(kind, members);
            for (int round = 0; round < Rounds; round++)
            {
                await scene.Ledger.ReadsMoreAsync(150);
                long[] said = scene.Ledger.Committed;
                broker.Kill();
                await broker.DisposeAsync();
                broker = await BrokerProcess.StartAsync(settings);

                long[] held = await scene.CommittedAsync();
                Assert.All(said.Zip(held), p => Assert.True(Math.Max(p.Second, 0) >= p.First, $"round {round}: {p.First} was committed, {p.Second} is left"));
                output.WriteLine($"round {round}: {string.Join(' ', held)} committed");
            }

            await scene.Ledger.CompleteAsync(await scene.StopLoadAsync());
            output.WriteLine($"{scene.Ledger.Repeated} records were read again, {scene.Ledger.RefusedCommits} commits refused");
        }
        catch (Exception)
        {
            output.WriteLine(broker.Log);
            throw;
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }
}
