namespace Samsa.Protocol.Records;

/// <summary>A record of <c>__cluster_metadata</c>: one change of the cluster's state.</summary>
public interface IMetadataRecord : IMessage
{
    /// <summary>The number that tells what kind of change it is.</summary>
    short RecordType { get; }

    /// <summary>The newest version of this kind of record.</summary>
    short LatestVersion { get; }
}
