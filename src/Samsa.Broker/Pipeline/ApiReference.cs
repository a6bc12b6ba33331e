using System.Text;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>The reference page of all APIs, made from the tables of what is served.</summary>
internal static class ApiReference
{
    /// <summary>The text of <c>docs/reference/apis.md</c>.</summary>
    /// <param name="broker">What brokers serve on their listeners.</param>
    /// <param name="controller">What controllers serve on theirs.</param>
    /// <param name="testsOf">The tests of an API as Markdown; empty where it has none of its own.</param>
    public static string Render(ApiTable broker, ApiTable controller, Func<ApiKey, string> testsOf)
    {
        var page = new StringBuilder();
        page.Append("""
            # APIs

            Generated from `src/Samsa.Broker/ServedApis.cs`; a test fails when this page is stale (`SAMSA_REGENERATE_DOCS=1` rewrites it).

            *Served by* says who answers: **broker** = any broker for itself, **active controller** = taken by any broker and passed on to
            the active controller, **controllers** = only on the listeners of controllers, **no** = not served, and not advertised.
            What is served is served in every version of Kafka 4.3; where versions are left out, the clients that sent them are no
            longer. An API's handler is the file of its name in `src/Samsa.Broker/Apis`, its messages are that in `src/Samsa.Protocol/Messages`. *Tests* names
            those of the API alone, with the number of requests recorded from a genuine Kafka that are replayed. Beside them every version
            of every API is asked once ([EveryVersionTests](../../tests/Samsa.Server.Tests/EveryVersionTests.cs)), and the clients of
            [tests/Samsa.Interop.Tests](../../tests/Samsa.Interop.Tests) use most of them.

            | Key | API | Versions | Served by | Tests |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var info in ApiCatalog.All.OrderBy(a => a.Key))
        {
            var here = broker.Find((short)info.Key);
            var there = controller.Find((short)info.Key);
            var served = here ?? there;
            page.Append("| ").Append((short)info.Key)
                .Append(" | ").Append(info.Name)
                .Append(" | ").Append(served is null ? "" : served.MinVersion == served.MaxVersion ? $"{served.MinVersion}" : $"{served.MinVersion} to {served.MaxVersion}")
                .Append(" | ").Append(ServedBy(here, there))
                .Append(" | ").Append(served is null ? "" : testsOf(info.Key)).Append(" |\n");
        }

        return page.ToString();
    }

    private static string ServedBy(ServedApi? here, ServedApi? there) => (here, there) switch
    {
        (null, null) => "no",
        (null, _) => "controllers",
        ({ IsForwarded: true }, _) => "active controller",
        (_, null) => "broker",
        _ => "broker, controllers",
    };
}
