namespace Samsa.Broker.Configuration;

/// <summary>The type of a setting as DescribeConfigs names it (KIP-569); the values are those of the wire.</summary>
public enum ConfigType : sbyte
{
    /// <summary>A name nobody declared, such as one set for a plug-in.</summary>
    Unknown = 0,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>32-bit integer.</summary>
    Int = 3,

    /// <summary>16-bit integer.</summary>
    Short = 4,

    /// <summary>64-bit integer.</summary>
    Long = 5,

    /// <summary>Floating-point number.</summary>
    Double = 6,

    /// <summary>Texts separated by commas.</summary>
    List = 7,

    /// <summary>Name of a class.</summary>
    Class = 8,

    /// <summary>A secret: never shown.</summary>
    Password = 9,
}
