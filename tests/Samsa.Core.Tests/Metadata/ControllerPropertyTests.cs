using CsCheck;
using Samsa.Core.Metadata;

namespace Samsa.Core.Tests.Metadata;

public sealed class ControllerPropertyTests
{
    [Fact]
    public void Whatever_happens_to_brokers_and_controllers_nothing_committed_is_lost_and_no_leader_is_fenced() =>
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var random = new RandomCluster(seed);
            for (var i = 0; i < 250; i++)
            {
                random.Step();
            }

            var (image, log) = (random.Cluster.Image, random.Cluster.Log);
            Assert.Equal(ImageText.Of(image), ImageText.Of(Rebuilt(image, log)));
            Assert.Equal(ImageText.Of(image), ImageText.Of(Rebuilt(image, MetadataSnapshot.Records(image))));
        });

    private static MetadataImage Rebuilt(MetadataImage image, IEnumerable<Protocol.Records.IMetadataRecord> records)
    {
        var builder = new MetadataImageBuilder(MetadataImage.Empty);
        foreach (var record in records)
        {
            builder.Apply(record);
        }

        return builder.Build(image.AppliedOffset);
    }
}
