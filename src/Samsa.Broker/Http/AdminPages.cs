using System.Buffers;
using System.Text;
using Samsa.Broker.Metrics;

namespace Samsa.Broker.Http;

/// <summary>The pages of the admin listener: <c>/metrics</c>, <c>/health/live</c>, <c>/health/ready</c>.</summary>
internal sealed class AdminPages(AdminHealth health, PrometheusExporter metrics)
{
    private const string Plain = "text/plain; charset=utf-8";

    /// <summary>Answers a request.</summary>
    public byte[] Answer(in HttpRequestHead request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return Make(request, "405 Method Not Allowed", Plain, "only GET and HEAD\n"u8);
        }

        return request.Path switch
        {
            "/metrics" => MakeMetrics(request),
            "/health/live" => MakeHealth(request, health.WhyNotAlive(), "alive"),
            "/health/ready" => MakeHealth(request, health.WhyNotAlive() ?? health.WhyNotReady(), "ready"),
            "/" => Make(request, "200 OK", Plain, "/metrics\n/health/live\n/health/ready\n"u8),
            _ => Make(request, "404 Not Found", Plain, "not found; there is /metrics, /health/live and /health/ready\n"u8),
        };
    }

    /// <summary>The answer to what is no request.</summary>
    public static byte[] BadRequest() => Make(default, "400 Bad Request", Plain, "not an HTTP request\n"u8);

    private byte[] MakeMetrics(in HttpRequestHead request)
    {
        var text = new ArrayBufferWriter<byte>(16 * 1024);
        metrics.Write(text);
        return Make(request, "200 OK", PrometheusText.ContentType, text.WrittenSpan);
    }

    private static byte[] MakeHealth(in HttpRequestHead request, string? problem, string well) =>
        Make(request, problem is null ? "200 OK" : "503 Service Unavailable", Plain, Encoding.UTF8.GetBytes((problem ?? well) + "\n"));

    private static byte[] Make(in HttpRequestHead request, string status, string type, ReadOnlySpan<byte> body)
    {
        var head = $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: {(request.KeepAlive ? "keep-alive" : "close")}\r\n\r\n";
        var shown = request.Method == "HEAD" ? [] : body;
        var answer = new byte[head.Length + shown.Length];
        Encoding.ASCII.GetBytes(head, answer);
        shown.CopyTo(answer.AsSpan(head.Length));
        return answer;
    }
}
