namespace Samsa.Records;

/// <summary>What a control record says; kept in its key. Readers skip types they do not know.</summary>
public enum ControlRecordType : short
{
    /// <summary>The transaction of this producer ends here, and its records are void.</summary>
    Abort = 0,

    /// <summary>The transaction of this producer ends here, and its records hold.</summary>
    Commit = 1,

    /// <summary>A new leader of the metadata quorum (KIP-595).</summary>
    LeaderChange = 2,

    /// <summary>A metadata snapshot begins (KIP-630).</summary>
    SnapshotHeader = 3,

    /// <summary>A metadata snapshot ends (KIP-630).</summary>
    SnapshotFooter = 4,

    /// <summary>The version that the metadata quorum agrees on (KIP-853).</summary>
    KRaftVersion = 5,

    /// <summary>The voters of the metadata quorum (KIP-853).</summary>
    KRaftVoters = 6,
}
