using CsCheck;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

public sealed class ConfigAlterationTests
{
    private static readonly ConfigResource Topic = ConfigResource.Topic("t");

    private static readonly ConfigSchema Schema = new(
        (_, name) => name.StartsWith("list", StringComparison.Ordinal),
        (_, name) => name == "list" ? "d" : null,
        (_, all, _) => all.ContainsKey("bad") ? (ErrorCode.InvalidConfig, "bad") : null);

    [Fact]
    public void A_list_that_nobody_set_grows_from_its_default()
    {
        var cluster = Start();
        Assert.Equal(ErrorCode.None, Alter(cluster, new ConfigChange("list", ConfigOperation.Append, "a,b,a")).Error);
        Assert.Equal("d,a,b", cluster.Image.ConfigsOf(Topic)["list"]);
        Alter(cluster, new ConfigChange("list", ConfigOperation.Subtract, "d,x"));
        Assert.Equal("a,b", cluster.Image.ConfigsOf(Topic)["list"]);
    }

    [Fact]
    public void What_is_as_it_was_costs_no_record_except_for_brokers()
    {
        var cluster = Start();
        Alter(cluster, new ConfigChange("a", ConfigOperation.Set, "1"));
        var end = cluster.Log.Count;
        Alter(cluster, new ConfigChange("a", ConfigOperation.Set, "1"), new ConfigChange("b", ConfigOperation.Delete, null));
        Assert.Equal(end, cluster.Log.Count);
        var broker = new ConfigWish(new ConfigResource(ConfigResourceType.Broker, "1"), [new ConfigChange("a", ConfigOperation.Set, "1")], ReplacesAll: false);
        cluster.Commit(ConfigAlteration.Decide(cluster.Image, [broker], Schema));
        cluster.Commit(ConfigAlteration.Decide(cluster.Image, [broker], Schema));
        Assert.Equal(end + 2, cluster.Log.Count);
    }

    [Fact]
    public void Settings_of_a_deleted_topic_go_with_it()
    {
        var cluster = Start();
        Alter(cluster, new ConfigChange("a", ConfigOperation.Set, "1"));
        cluster.Commit(TopicDeletion.Decide(cluster.Image, [new TopicToDelete("t", TopicId.None)]));
        Assert.Empty(cluster.Image.Configs);
    }

    [Fact]
    public void The_form_of_a_change_is_checked_first()
    {
        var cluster = Start();
        Assert.Equal("Error due to duplicate config keys", Alter(cluster, new("a", ConfigOperation.Set, "1"), new("a", ConfigOperation.Delete, null)).Message);
        Assert.Equal("Null value not supported for : a, b", Alter(cluster, new("a", ConfigOperation.Set, null), new("b", ConfigOperation.Append, null)).Message);
        Assert.Equal("Unknown operation type 9", Alter(cluster, new ConfigChange("a", (ConfigOperation)9, "1")).Message);
        Assert.Equal("Can't APPEND to key a because its type is not LIST.", Alter(cluster, new ConfigChange("a", ConfigOperation.Append, "1")).Message);
        Assert.Equal(ErrorCode.InvalidConfig, Alter(cluster, new ConfigChange("bad", ConfigOperation.Set, "1")).Error);
        Assert.Empty(cluster.Image.Configs);
    }

    /// <summary>Any sequence of changes leaves what a plain dictionary would have.</summary>
    [Fact]
    public void Changes_add_up_as_in_a_dictionary()
    {
        var change = Gen.Select(OneOf("a", "b", "c", "list"), Gen.Enum<ConfigOperation>(), OneOf("1", "2", "1,2"));
        Gen.Select(Gen.Bool, change.List[0, 4]).List[0, 20].Sample(requests =>
        {
            var cluster = Start();
            var model = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (replacesAll, list) in requests)
            {
                ConfigChange[] changes =
                [
                    .. list.Where(c => !replacesAll || c.Item2 == ConfigOperation.Set).Select(c => new ConfigChange(c.Item1, c.Item2, c.Item3)),
                ];
                var result = cluster.Commit(ConfigAlteration.Decide(cluster.Image, [new ConfigWish(Topic, changes, replacesAll)], Schema))[0];
                if (result.Error == ErrorCode.None)
                {
                    Apply(model, changes, replacesAll);
                }

                Assert.Equal(model.OrderBy(v => v.Key, StringComparer.Ordinal), cluster.Image.ConfigsOf(Topic));
            }
        });
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static void Apply(Dictionary<string, string> model, ConfigChange[] changes, bool replacesAll)
    {
        if (replacesAll)
        {
            model.Clear();
        }

        foreach (var (name, operation, value) in changes)
        {
            var present = model.GetValueOrDefault(name, "d").Split(',', StringSplitOptions.RemoveEmptyEntries);
            var given = value!.Split(',');
            switch (operation)
            {
                case ConfigOperation.Set:
                    model[name] = value;
                    break;
                case ConfigOperation.Delete:
                    model.Remove(name);
                    break;
                case ConfigOperation.Append:
                    model[name] = string.Join(',', present.Concat(given.Except(present)));
                    break;
                default:
                    model[name] = string.Join(',', present.Where(p => !given.Contains(p)));
                    break;
            }
        }
    }

    private static Cluster Start()
    {
        var cluster = new Cluster(1);
        cluster.Create("t");
        return cluster;
    }

    private static ConfigResult Alter(Cluster cluster, params ConfigChange[] changes) =>
        cluster.Commit(ConfigAlteration.Decide(cluster.Image, [new ConfigWish(Topic, changes, ReplacesAll: false)], Schema))[0];
}
