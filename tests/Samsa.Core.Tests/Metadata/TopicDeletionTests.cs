using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

public sealed class TopicDeletionTests
{
    [Fact]
    public void Topics_go_by_name_or_by_id_but_not_by_both_or_neither_or_twice()
    {
        var cluster = new Cluster(1);
        cluster.Create(Cluster.Topic("a"), Cluster.Topic("b"), Cluster.Topic("c"));
        var (b, c) = (cluster.Image.TopicByName("b")!.Id, cluster.Image.TopicByName("c")!.Id);
        var results = cluster.Commit(TopicDeletion.Decide(cluster.Image,
        [
            new("a", TopicId.None), new(null, b), new("c", c), new(null, TopicId.None), new("nope", TopicId.None), new(null, new TopicId(Guid.NewGuid())),
        ]));
        Assert.Equal(
            [ErrorCode.None, ErrorCode.None, ErrorCode.InvalidRequest, ErrorCode.InvalidRequest, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId],
            results.Select(r => r.Error));
        Assert.Equal(["c"], cluster.Image.Topics.Keys);
    }

    [Fact]
    public void The_same_topic_twice_is_answered_once_and_kept()
    {
        var cluster = new Cluster(1);
        cluster.Create("a");
        var result = Assert.Single(cluster.Commit(TopicDeletion.Decide(cluster.Image, [new("a", TopicId.None), new("a", TopicId.None)])));
        Assert.Equal((ErrorCode.InvalidRequest, "Duplicate topic name."), (result.Error, result.Message));
        Assert.NotNull(cluster.Image.TopicByName("a"));
    }
}
