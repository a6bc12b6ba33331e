using System.Text;

namespace Samsa.Broker.Configuration;

/// <summary>The reference page of all settings, made from the table.</summary>
public static class ConfigReference
{
    /// <summary>The text of <c>docs/reference/configs.md</c>.</summary>
    public static string Render()
    {
        var page = new StringBuilder();
        page.Append("""
            # Settings

            Generated from the table in `src/Samsa.Broker/Configuration`; a test fails when this page is stale
            (`SAMSA_REGENERATE_DOCS=1` rewrites it).

            Broker settings come from, weakest first: the default, the file given with `--config` (Java properties syntax),
            environment variables (`SAMSA_LOG_DIRS` is `log.dirs`; `SAMSA_FLUSH_ON_ACK` is `samsa.flush.on.ack`),
            `--set name=value`, and the options `--data` (`log.dirs`) and `--listeners`. Settings that are unknown or
            out of range stop the start; all of them are named at once. `listener.name.NAME.SETTING` is SETTING for one listener.

            *Changes* says when a setting may change: **start** = only at start, **broker** = while running, for one broker,
            **cluster** = while running, for one broker or for all.


            """.ReplaceLineEndings("\n"));
        AppendTable(page, "Topics", "Settings of a topic; where it has none, those of the broker hold.", TopicConfigs.All);
        AppendTable(page, "Single groups", "Settings of a group; where it has none, those of the broker hold.", GroupResourceConfigs.All);
        AppendTable(page, "Client metrics subscriptions", "Kept for the clients' tools; no metrics are collected from clients.", ClientMetricsConfigs.All);
        foreach (var (title, keys) in BrokerConfigs.Themes)
        {
            AppendTable(page, $"Broker: {title}", null, keys);
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendTable(StringBuilder page, string title, string? text, IReadOnlyList<ConfigKey> keys)
    {
        page.Append("## ").Append(title).Append("\n\n");
        if (text is not null)
        {
            page.Append(text).Append("\n\n");
        }

        page.Append(text is null ? "| Name | Type | Default | Allowed | Changes | Meaning |\n|---|---|---|---|---|---|\n"
            : "| Name | Type | Default | Allowed | Broker setting | Meaning |\n|---|---|---|---|---|---|\n");
        foreach (var key in keys.OrderBy(k => k.Name, StringComparer.Ordinal))
        {
            page.Append("| `").Append(key.Name)
                .Append("` | ").Append(ConfigText.NameOf(key.Type).ToLowerInvariant())
                .Append(" | ").Append(DescribeDefault(key))
                .Append(" | ").Append(Escape(ConfigRules.Describe(key)))
                .Append(" | ").Append(DescribeScope(key))
                .Append(" | ").Append(Escape(key.Doc));
            if (key.Ignored is not null)
            {
                page.Append(" **No effect**: ").Append(key.Ignored).Append('.');
            }

            page.Append(" |\n");
        }

        page.Append('\n');
    }

    private static string DescribeDefault(ConfigKey key) => key.DefaultText switch
    {
        null => "",
        "" => "(empty)",
        var text => $"`{Escape(text)}`",
    };

    private static string DescribeScope(ConfigKey key) => key.Scope switch
    {
        ConfigScope.ReadOnly => "start",
        ConfigScope.PerBroker => "broker",
        ConfigScope.ClusterWide => "cluster",
        _ => string.Join(", ", key.Synonyms.Select(s => $"`{s.Key.Name}`")),
    };

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
