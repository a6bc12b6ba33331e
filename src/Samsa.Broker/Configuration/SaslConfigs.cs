namespace Samsa.Broker.Configuration;

/// <summary>SASL authentication and delegation tokens.</summary>
public static class SaslConfigs
{
    private static readonly ConfigTable Table = new();

    private const string Jvm = "names a JVM class or setting";

    /// <summary><c>delegation.token.expiry.check.interval.ms</c></summary>
    public static readonly ConfigKey<long> DelegationTokenExpiryCheckIntervalMs = Table.Add(new ConfigKey<long>("delegation.token.expiry.check.interval.ms", 3_600_000)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Period of removing expired delegation tokens.",
    });

    /// <summary><c>delegation.token.expiry.time.ms</c></summary>
    public static readonly ConfigKey<long> DelegationTokenExpiryTimeMs = Table.Add(new ConfigKey<long>("delegation.token.expiry.time.ms", 86_400_000)
    {
        Min = 1,
        Doc = "Token lifetime until renewal is needed.",
    });

    /// <summary><c>delegation.token.max.lifetime.ms</c></summary>
    public static readonly ConfigKey<long> DelegationTokenMaxLifetimeMs = Table.Add(new ConfigKey<long>("delegation.token.max.lifetime.ms", 604_800_000)
    {
        Min = 1,
        Doc = "Maximum token lifetime regardless of renewals.",
    });

    /// <summary><c>delegation.token.secret.key</c></summary>
    public static readonly ConfigKey<string?> DelegationTokenSecretKey = Table.Add(new ConfigKey<string?>("delegation.token.secret.key", null)
    {
        Type = ConfigType.Password,
        Doc = "Shared secret that signs delegation tokens.",
    });

    /// <summary><c>sasl.client.callback.handler.class</c></summary>
    public static readonly ConfigKey<string?> SaslClientCallbackHandlerClass = Table.Add(new ConfigKey<string?>("sasl.client.callback.handler.class", null)
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Client-side SASL callback handler.",
    });

    /// <summary><c>sasl.enabled.mechanisms</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> SaslEnabledMechanisms = Table.Add(new ConfigKey<IReadOnlyList<string>>("sasl.enabled.mechanisms", ["GSSAPI"])
    {
        Scope = ConfigScope.PerBroker,
        Doc = "SASL mechanisms the broker accepts.",
    });

    /// <summary><c>sasl.jaas.config</c></summary>
    public static readonly ConfigKey<string?> SaslJaasConfig = Table.Add(new ConfigKey<string?>("sasl.jaas.config", null)
    {
        Type = ConfigType.Password, Scope = ConfigScope.PerBroker,
        Doc = "Login configuration of the listener or mechanism.",
    });

    /// <summary><c>sasl.kerberos.kinit.cmd</c></summary>
    public static readonly ConfigKey<string> SaslKerberosKinitCmd = Table.Add(new ConfigKey<string>("sasl.kerberos.kinit.cmd", "/usr/bin/kinit")
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Path of kinit.",
    });

    /// <summary><c>sasl.kerberos.min.time.before.relogin</c></summary>
    public static readonly ConfigKey<long> SaslKerberosMinTimeBeforeRelogin = Table.Add(new ConfigKey<long>("sasl.kerberos.min.time.before.relogin", 60_000)
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Minimum time between Kerberos logins.",
    });

    /// <summary><c>sasl.kerberos.principal.to.local.rules</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> SaslKerberosPrincipalToLocalRules = Table.Add(new ConfigKey<IReadOnlyList<string>>("sasl.kerberos.principal.to.local.rules", ["DEFAULT"])
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Rules mapping Kerberos principals to short names.",
    });

    /// <summary><c>sasl.kerberos.service.name</c></summary>
    public static readonly ConfigKey<string?> SaslKerberosServiceName = Table.Add(new ConfigKey<string?>("sasl.kerberos.service.name", null)
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Kerberos service name of the broker.",
    });

    /// <summary><c>sasl.kerberos.ticket.renew.jitter</c></summary>
    public static readonly ConfigKey<double> SaslKerberosTicketRenewJitter = Table.Add(new ConfigKey<double>("sasl.kerberos.ticket.renew.jitter", 0.05)
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Random share added to the ticket renewal time.",
    });

    /// <summary><c>sasl.kerberos.ticket.renew.window.factor</c></summary>
    public static readonly ConfigKey<double> SaslKerberosTicketRenewWindowFactor = Table.Add(new ConfigKey<double>("sasl.kerberos.ticket.renew.window.factor", 0.8)
    {
        Scope = ConfigScope.PerBroker, Ignored = "Kerberos is left to the operating system",
        Doc = "Share of ticket lifetime after which renewal is tried.",
    });

    /// <summary><c>sasl.login.callback.handler.class</c></summary>
    public static readonly ConfigKey<string?> SaslLoginCallbackHandlerClass = Table.Add(new ConfigKey<string?>("sasl.login.callback.handler.class", null)
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Login callback handler.",
    });

    /// <summary><c>sasl.login.class</c></summary>
    public static readonly ConfigKey<string?> SaslLoginClass = Table.Add(new ConfigKey<string?>("sasl.login.class", null)
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Login implementation.",
    });

    /// <summary><c>sasl.login.connect.timeout.ms</c></summary>
    public static readonly ConfigKey<int?> SaslLoginConnectTimeoutMs = Table.Add(new ConfigKey<int?>("sasl.login.connect.timeout.ms", null)
    {
        Importance = ConfigImportance.Low,
        Doc = "Connect timeout to the identity provider.",
    });

    /// <summary><c>sasl.login.read.timeout.ms</c></summary>
    public static readonly ConfigKey<int?> SaslLoginReadTimeoutMs = Table.Add(new ConfigKey<int?>("sasl.login.read.timeout.ms", null)
    {
        Importance = ConfigImportance.Low,
        Doc = "Read timeout from the identity provider.",
    });

    /// <summary><c>sasl.login.refresh.buffer.seconds</c></summary>
    public static readonly ConfigKey<short> SaslLoginRefreshBufferSeconds = Table.Add(new ConfigKey<short>("sasl.login.refresh.buffer.seconds", 300)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Time before expiry by which refresh should be done.",
    });

    /// <summary><c>sasl.login.refresh.min.period.seconds</c></summary>
    public static readonly ConfigKey<short> SaslLoginRefreshMinPeriodSeconds = Table.Add(new ConfigKey<short>("sasl.login.refresh.min.period.seconds", 60)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Minimum wait before refreshing a credential.",
    });

    /// <summary><c>sasl.login.refresh.window.factor</c></summary>
    public static readonly ConfigKey<double> SaslLoginRefreshWindowFactor = Table.Add(new ConfigKey<double>("sasl.login.refresh.window.factor", 0.8)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Share of credential lifetime after which refresh starts.",
    });

    /// <summary><c>sasl.login.refresh.window.jitter</c></summary>
    public static readonly ConfigKey<double> SaslLoginRefreshWindowJitter = Table.Add(new ConfigKey<double>("sasl.login.refresh.window.jitter", 0.05)
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Random share added to the refresh time.",
    });

    /// <summary><c>sasl.login.retry.backoff.max.ms</c></summary>
    public static readonly ConfigKey<long> SaslLoginRetryBackoffMaxMs = Table.Add(new ConfigKey<long>("sasl.login.retry.backoff.max.ms", 10_000)
    {
        Importance = ConfigImportance.Low,
        Doc = "Upper bound of login retry backoff.",
    });

    /// <summary><c>sasl.login.retry.backoff.ms</c></summary>
    public static readonly ConfigKey<long> SaslLoginRetryBackoffMs = Table.Add(new ConfigKey<long>("sasl.login.retry.backoff.ms", 100)
    {
        Importance = ConfigImportance.Low,
        Doc = "Initial login retry backoff.",
    });

    /// <summary><c>sasl.mechanism.controller.protocol</c></summary>
    public static readonly ConfigKey<string> SaslMechanismControllerProtocol = Table.Add(new ConfigKey<string>("sasl.mechanism.controller.protocol", "GSSAPI")
    {
        Importance = ConfigImportance.High,
        Doc = "SASL mechanism towards controllers.",
    });

    /// <summary><c>sasl.mechanism.inter.broker.protocol</c></summary>
    public static readonly ConfigKey<string> SaslMechanismInterBrokerProtocol = Table.Add(new ConfigKey<string>("sasl.mechanism.inter.broker.protocol", "GSSAPI")
    {
        Scope = ConfigScope.PerBroker,
        Doc = "SASL mechanism between brokers.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.algorithm</c></summary>
    public static readonly ConfigKey<string> SaslOauthbearerAssertionAlgorithm = Table.Add(new ConfigKey<string>("sasl.oauthbearer.assertion.algorithm", "RS256")
    {
        Allowed = ["ES256", "RS256"],
        Doc = "Signing algorithm of the client assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.aud</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimAud = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.claim.aud", null)
    {
        Doc = "Audience claim of the client assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.exp.seconds</c></summary>
    public static readonly ConfigKey<int> SaslOauthbearerAssertionClaimExpSeconds = Table.Add(new ConfigKey<int>("sasl.oauthbearer.assertion.claim.exp.seconds", 300)
    {
        Min = 0, Max = 86_400, Importance = ConfigImportance.Low,
        Doc = "Lifetime of the client assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.iss</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimIss = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.claim.iss", null)
    {
        Doc = "Issuer claim of the client assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.jti.include</c></summary>
    public static readonly ConfigKey<bool> SaslOauthbearerAssertionClaimJtiInclude = Table.Add(new ConfigKey<bool>("sasl.oauthbearer.assertion.claim.jti.include", false)
    {
        Doc = "Add a unique id claim to the assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.nbf.seconds</c></summary>
    public static readonly ConfigKey<int> SaslOauthbearerAssertionClaimNbfSeconds = Table.Add(new ConfigKey<int>("sasl.oauthbearer.assertion.claim.nbf.seconds", 60)
    {
        Min = 0, Max = 3600, Importance = ConfigImportance.Low,
        Doc = "How far not-before lies in the past.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.claim.sub</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimSub = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.claim.sub", null)
    {
        Doc = "Subject claim of the client assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.file</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionFile = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.file", null)
    {
        Doc = "File holding a ready-made assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.private.key.file</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionPrivateKeyFile = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.private.key.file", null)
    {
        Doc = "Private key file that signs the assertion.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.private.key.passphrase</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionPrivateKeyPassphrase = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.private.key.passphrase", null)
    {
        Type = ConfigType.Password,
        Doc = "Passphrase of the assertion key.",
    });

    /// <summary><c>sasl.oauthbearer.assertion.template.file</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerAssertionTemplateFile = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.assertion.template.file", null)
    {
        Doc = "File with assertion header and claim template.",
    });

    /// <summary><c>sasl.oauthbearer.client.credentials.client.id</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerClientCredentialsClientId = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.client.credentials.client.id", null)
    {
        Doc = "Client id for the client credentials grant.",
    });

    /// <summary><c>sasl.oauthbearer.client.credentials.client.secret</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerClientCredentialsClientSecret = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.client.credentials.client.secret", null)
    {
        Type = ConfigType.Password,
        Doc = "Client secret for the client credentials grant.",
    });

    /// <summary><c>sasl.oauthbearer.clock.skew.seconds</c></summary>
    public static readonly ConfigKey<int> SaslOauthbearerClockSkewSeconds = Table.Add(new ConfigKey<int>("sasl.oauthbearer.clock.skew.seconds", 30)
    {
        Importance = ConfigImportance.Low,
        Doc = "Clock difference tolerated when checking tokens.",
    });

    /// <summary><c>sasl.oauthbearer.expected.audience</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> SaslOauthbearerExpectedAudience = Table.Add(new ConfigKey<IReadOnlyList<string>>("sasl.oauthbearer.expected.audience", [])
    {
        Importance = ConfigImportance.High,
        Doc = "Audiences accepted in tokens.",
    });

    /// <summary><c>sasl.oauthbearer.expected.issuer</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerExpectedIssuer = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.expected.issuer", null)
    {
        Importance = ConfigImportance.High,
        Doc = "Issuer required in tokens.",
    });

    /// <summary><c>sasl.oauthbearer.jwks.endpoint.refresh.ms</c></summary>
    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRefreshMs = Table.Add(new ConfigKey<long>("sasl.oauthbearer.jwks.endpoint.refresh.ms", 3_600_000)
    {
        Importance = ConfigImportance.Low,
        Doc = "Period of refreshing the key set.",
    });

    /// <summary><c>sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms</c></summary>
    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRetryBackoffMaxMs = Table.Add(new ConfigKey<long>("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", 10_000)
    {
        Importance = ConfigImportance.Low,
        Doc = "Upper bound of key set retry backoff.",
    });

    /// <summary><c>sasl.oauthbearer.jwks.endpoint.retry.backoff.ms</c></summary>
    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRetryBackoffMs = Table.Add(new ConfigKey<long>("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", 100)
    {
        Importance = ConfigImportance.Low,
        Doc = "Initial key set retry backoff.",
    });

    /// <summary><c>sasl.oauthbearer.jwks.endpoint.url</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerJwksEndpointUrl = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.jwks.endpoint.url", null)
    {
        Doc = "Where verification keys are fetched.",
    });

    /// <summary><c>sasl.oauthbearer.jwt.retriever.class</c></summary>
    public static readonly ConfigKey<string> SaslOauthbearerJwtRetrieverClass = Table.Add(new ConfigKey<string>("sasl.oauthbearer.jwt.retriever.class", "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever")
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Class that obtains tokens.",
    });

    /// <summary><c>sasl.oauthbearer.jwt.validator.class</c></summary>
    public static readonly ConfigKey<string> SaslOauthbearerJwtValidatorClass = Table.Add(new ConfigKey<string>("sasl.oauthbearer.jwt.validator.class", "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator")
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Class that validates tokens.",
    });

    /// <summary><c>sasl.oauthbearer.scope</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerScope = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.scope", null)
    {
        Doc = "Scope requested for tokens.",
    });

    /// <summary><c>sasl.oauthbearer.scope.claim.name</c></summary>
    public static readonly ConfigKey<string> SaslOauthbearerScopeClaimName = Table.Add(new ConfigKey<string>("sasl.oauthbearer.scope.claim.name", "scope")
    {
        Importance = ConfigImportance.Low,
        Doc = "Claim that holds the scope.",
    });

    /// <summary><c>sasl.oauthbearer.sub.claim.name</c></summary>
    public static readonly ConfigKey<string> SaslOauthbearerSubClaimName = Table.Add(new ConfigKey<string>("sasl.oauthbearer.sub.claim.name", "sub")
    {
        Importance = ConfigImportance.Low,
        Doc = "Claim that holds the subject.",
    });

    /// <summary><c>sasl.oauthbearer.token.endpoint.url</c></summary>
    public static readonly ConfigKey<string?> SaslOauthbearerTokenEndpointUrl = Table.Add(new ConfigKey<string?>("sasl.oauthbearer.token.endpoint.url", null)
    {
        Doc = "Token endpoint of the identity provider.",
    });

    /// <summary><c>sasl.server.callback.handler.class</c></summary>
    public static readonly ConfigKey<string?> SaslServerCallbackHandlerClass = Table.Add(new ConfigKey<string?>("sasl.server.callback.handler.class", null)
    {
        Type = ConfigType.Class, Ignored = Jvm,
        Doc = "Server-side SASL callback handler, per listener and mechanism.",
    });

    /// <summary><c>sasl.server.max.receive.size</c></summary>
    public static readonly ConfigKey<int> SaslServerMaxReceiveSize = Table.Add(new ConfigKey<int>("sasl.server.max.receive.size", 524_288)
    {
        Doc = "Largest SASL token accepted before authentication.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
