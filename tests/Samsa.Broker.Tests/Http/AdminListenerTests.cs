using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Broker.Configuration;
using Samsa.Broker.Http;
using Samsa.Broker.Metrics;

namespace Samsa.Broker.Tests.Http;

public sealed class AdminListenerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly BrokerMetrics _metrics = new(new BrokerReadings());

    public void Dispose() => _metrics.Dispose();

    private AdminServices Services(AdminHealth? health = null) => new() { Metrics = _metrics, Loggers = NullLoggerFactory.Instance, Health = health ?? new() };

    private static BrokerConfig Config(string address) => BrokerConfig.Load(new BrokerConfigSources { Set = [$"samsa.admin.listener={address}"] });

    private static async Task<string> SendAsync(AdminListener listener, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(listener.EndPoint).WaitAsync(Patience);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        return await new StreamReader(stream).ReadToEndAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Metrics_and_health_are_served_to_an_ordinary_client()
    {
        await using var listener = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{listener.EndPoint.Port}"), Timeout = Patience };

        var metrics = await http.GetAsync("/metrics?name=x");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("alive\n", await http.GetStringAsync("/health/live"));
        Assert.Equal("ready\n", await http.GetStringAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync("/metrics", new StringContent("x"))).StatusCode);
        var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, 6L), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Health_tells_what_is_wrong()
    {
        string? notReady = "recovering 3 of 10 partitions";
        string? notAlive = null;
        await using var listener = AdminListener.Start(
            Config("http://127.0.0.1:0"), Services(new AdminHealth { WhyNotReady = () => notReady, WhyNotAlive = () => notAlive }))!;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{listener.EndPoint.Port}"), Timeout = Patience };

        var ready = await http.GetAsync("/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "recovering 3 of 10 partitions\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        notReady = null;
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
        notAlive = "every log directory is out of use";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Requests_may_follow_each_other_and_come_in_pieces()
    {
        await using var listener = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        var answers = await SendAsync(listener, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/ready HTTP/1.1\r\n\r\nGET /nothing HTTP/1.0\r\n\r\nGET /never HTTP/1.1\r\n\r\n");
        Assert.Equal(["200", "200", "404"], answers.Split("HTTP/1.1 ").Skip(1).Select(a => a[..3]));

        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(listener.EndPoint).WaitAsync(Patience);
        foreach (var letter in "GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n")
        {
            client.Client.Send([(byte)letter]);
        }

        Assert.EndsWith("alive\n", await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET / SPDY/3\r\n\r\n")]
    [InlineData("GET nothing HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 tls\r\n\r\n")]
    public async Task What_is_no_request_is_told_so_and_the_connection_closed(string request)
    {
        await using var listener = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        Assert.StartsWith("HTTP/1.1 400 ", await SendAsync(listener, request + "GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_not_read_forever()
    {
        await using var listener = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        Assert.StartsWith("HTTP/1.1 400 ", await SendAsync(listener, "GET / HTTP/1.1\r\nx: " + new string('a', HttpRequestHead.MaxLength - 19)), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_a_request_or_are_not() =>
        Gen.Byte.Array[0, 200].Sample(bytes => HttpRequestHead.TryRead(bytes, out var head) == System.Buffers.OperationStatus.Done == head.Length > 0);

    [Fact]
    public void Empty_turns_it_off() => Assert.Null(AdminListener.Start(Config(""), Services()));

    [Fact]
    public async Task A_taken_port_that_was_asked_for_is_an_error_that_names_the_setting()
    {
        await using var first = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        var address = $"http://127.0.0.1:{first.EndPoint.Port}";
        var exception = Assert.Throws<AdminListenerException>(() => AdminListener.Start(Config(address), Services()));
        Assert.StartsWith($"samsa.admin.listener = {address} (--set) can't be opened: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("leave the setting empty", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_connections_do_not_hold_up_the_end()
    {
        var listener = AdminListener.Start(Config("http://127.0.0.1:0"), Services())!;
        using var client = new TcpClient();
        await client.ConnectAsync(listener.EndPoint).WaitAsync(Patience);
        client.Client.Send("GET /health"u8);
        await listener.DisposeAsync().AsTask().WaitAsync(Patience);
    }
}
