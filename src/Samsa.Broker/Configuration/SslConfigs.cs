namespace Samsa.Broker.Configuration;

/// <summary>TLS of listeners.</summary>
public static class SslConfigs
{
    private static readonly ConfigTable Table = new();

    private const string Jvm = "names a JVM class or setting";

    /// <summary><c>ssl.allow.dn.changes</c></summary>
    public static readonly ConfigKey<bool> AllowDnChanges = Table.Add(new ConfigKey<bool>("ssl.allow.dn.changes", false)
    {
        Importance = ConfigImportance.Low,
        Doc = "Allow the certificate name to change on reload.",
    });

    /// <summary><c>ssl.allow.san.changes</c></summary>
    public static readonly ConfigKey<bool> AllowSanChanges = Table.Add(new ConfigKey<bool>("ssl.allow.san.changes", false)
    {
        Importance = ConfigImportance.Low,
        Doc = "Allow certificate alternative names to change on reload.",
    });

    /// <summary><c>ssl.cipher.suites</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> CipherSuites = Table.Add(new ConfigKey<IReadOnlyList<string>>("ssl.cipher.suites", [])
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Allowed cipher suites.",
    });

    /// <summary><c>ssl.client.auth</c></summary>
    public static readonly ConfigKey<string> ClientAuth = Table.Add(new ConfigKey<string>("ssl.client.auth", "none")
    {
        Allowed = ["required", "requested", "none"], Scope = ConfigScope.PerBroker,
        Doc = "Whether client certificates are demanded.",
    });

    /// <summary><c>ssl.enabled.protocols</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> EnabledProtocols = Table.Add(new ConfigKey<IReadOnlyList<string>>("ssl.enabled.protocols", ["TLSv1.2", "TLSv1.3"])
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Allowed TLS versions.",
    });

    /// <summary><c>ssl.endpoint.identification.algorithm</c></summary>
    public static readonly ConfigKey<string> EndpointIdentificationAlgorithm = Table.Add(new ConfigKey<string>("ssl.endpoint.identification.algorithm", "https")
    {
        Scope = ConfigScope.PerBroker, Importance = ConfigImportance.Low,
        Doc = "Host name check algorithm; empty disables.",
    });

    /// <summary><c>ssl.engine.factory.class</c></summary>
    public static readonly ConfigKey<string?> EngineFactoryClass = Table.Add(new ConfigKey<string?>("ssl.engine.factory.class", null)
    {
        Type = ConfigType.Class, Scope = ConfigScope.PerBroker, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Class that creates TLS engines.",
    });

    /// <summary><c>ssl.key.password</c></summary>
    public static readonly ConfigKey<string?> KeyPassword = Table.Add(new ConfigKey<string?>("ssl.key.password", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Password of the private key.",
    });

    /// <summary><c>ssl.keymanager.algorithm</c></summary>
    public static readonly ConfigKey<string> KeymanagerAlgorithm = Table.Add(new ConfigKey<string>("ssl.keymanager.algorithm", "SunX509")
    {
        Scope = ConfigScope.PerBroker, Ignored = Jvm,
        Doc = "Key manager algorithm.",
    });

    /// <summary><c>ssl.keystore.certificate.chain</c></summary>
    public static readonly ConfigKey<string?> KeystoreCertificateChain = Table.Add(new ConfigKey<string?>("ssl.keystore.certificate.chain", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Certificate chain in PEM.",
    });

    /// <summary><c>ssl.keystore.key</c></summary>
    public static readonly ConfigKey<string?> KeystoreKey = Table.Add(new ConfigKey<string?>("ssl.keystore.key", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Private key in PEM.",
    });

    /// <summary><c>ssl.keystore.location</c></summary>
    public static readonly ConfigKey<string?> KeystoreLocation = Table.Add(new ConfigKey<string?>("ssl.keystore.location", null)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Key store file.",
    });

    /// <summary><c>ssl.keystore.password</c></summary>
    public static readonly ConfigKey<string?> KeystorePassword = Table.Add(new ConfigKey<string?>("ssl.keystore.password", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Key store password.",
    });

    /// <summary><c>ssl.keystore.type</c></summary>
    public static readonly ConfigKey<string> KeystoreType = Table.Add(new ConfigKey<string>("ssl.keystore.type", "JKS")
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Key store format.",
    });

    /// <summary><c>ssl.principal.mapping.rules</c></summary>
    public static readonly ConfigKey<string> PrincipalMappingRules = Table.Add(new ConfigKey<string>("ssl.principal.mapping.rules", "DEFAULT")
    {
        Importance = ConfigImportance.Low,
        Doc = "Rules mapping certificate names to principals.",
    });

    /// <summary><c>ssl.protocol</c></summary>
    public static readonly ConfigKey<string> Protocol = Table.Add(new ConfigKey<string>("ssl.protocol", "TLSv1.3")
    {
        Scope = ConfigScope.PerBroker,
        Doc = "TLS version used to create the context.",
    });

    /// <summary><c>ssl.provider</c></summary>
    public static readonly ConfigKey<string?> Provider = Table.Add(new ConfigKey<string?>("ssl.provider", null)
    {
        Scope = ConfigScope.PerBroker, Ignored = Jvm,
        Doc = "Security provider for TLS.",
    });

    /// <summary><c>ssl.secure.random.implementation</c></summary>
    public static readonly ConfigKey<string?> SecureRandomImplementation = Table.Add(new ConfigKey<string?>("ssl.secure.random.implementation", null)
    {
        Scope = ConfigScope.PerBroker, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Random generator for TLS.",
    });

    /// <summary><c>ssl.trustmanager.algorithm</c></summary>
    public static readonly ConfigKey<string> TrustmanagerAlgorithm = Table.Add(new ConfigKey<string>("ssl.trustmanager.algorithm", "PKIX")
    {
        Scope = ConfigScope.PerBroker, Ignored = Jvm,
        Doc = "Trust manager algorithm.",
    });

    /// <summary><c>ssl.truststore.certificates</c></summary>
    public static readonly ConfigKey<string?> TruststoreCertificates = Table.Add(new ConfigKey<string?>("ssl.truststore.certificates", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Trusted certificates in PEM.",
    });

    /// <summary><c>ssl.truststore.location</c></summary>
    public static readonly ConfigKey<string?> TruststoreLocation = Table.Add(new ConfigKey<string?>("ssl.truststore.location", null)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Trust store file.",
    });

    /// <summary><c>ssl.truststore.password</c></summary>
    public static readonly ConfigKey<string?> TruststorePassword = Table.Add(new ConfigKey<string?>("ssl.truststore.password", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Trust store password.",
    });

    /// <summary><c>ssl.truststore.type</c></summary>
    public static readonly ConfigKey<string> TruststoreType = Table.Add(new ConfigKey<string>("ssl.truststore.type", "JKS")
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Trust store format.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
