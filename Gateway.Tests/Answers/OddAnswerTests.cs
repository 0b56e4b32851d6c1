using System.Net;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>
/// Answers that are whole and oddly written: broken text, an empty error beside them, a label that is missing or wrong. They pass and are
/// charged.
/// </summary>
public sealed class OddAnswerTests(FieldErrorTests.Fixture fixture) : IClassFixture<FieldErrorTests.Fixture>
{
    private const string Half = "\\ud83d";

    [Theory]
    [InlineData("""{"message":"odd \ud83d text","type":"t","code":"500"}""")]
    [InlineData("""{"message":"x","type":"\udc00","code":"\ud800"}""")]
    [InlineData("""{"message":"x","param":"\ud800","code":500}""")]
    [InlineData("""{"\ud800":1,"message":"x","m\udc00":"\ud800"}""")]
    public async Task Half_a_character_in_an_error_midway_costs_neither_the_text_nor_the_charge(string error)
    {
        fixture.Upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            await FakeUpstream.EventAsync(http, $$"""{"error":{{error}}}""");
        };
        using var answer = await fixture.Hub.Client.OpenStreamAsync(InferenceCalls.Stream("fake"));
        var text = await ReadAsync(answer);
        Assert.StartsWith("data: " + FakeUpstream.Chunk("Hello") + "\n\ndata: {\"error\":", text, StringComparison.Ordinal);
        var record = await fixture.Hub.RecordAsync(answer);
        Assert.Equal(("upstream_error", "estimated"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Theory]
    [InlineData("\"id\":\"answer-1\"", $"\"id\":\"{Half}\"")]
    [InlineData("\"id\":\"answer-1\"", $"\"model\":\"{Half}\"")]
    [InlineData("\"id\":\"answer-1\"", $"\"service_tier\":\"{Half}\"")]
    [InlineData("\"id\":\"answer-1\"", $"\"{Half}\":\"{Half}\"")]
    [InlineData("\"stop\"", $"\"{Half}\"")]
    [InlineData("\"Hello\"", $"\"{Half}\"")]
    [InlineData("\"prompt_tokens\"", $"\"{Half}\":\"{Half}\",\"prompt_tokens\"")]
    public async Task Half_a_character_anywhere_in_an_answer_passes_and_is_charged(string whole, string odd)
    {
        var body = FakeUpstream.PlainAnswer.Replace(whole, odd, StringComparison.Ordinal);
        fixture.Upstream.Answer = http => FakeUpstream.JsonAsync(http, body);
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(FakeUpstream.UsageCostNanoUsd, (await fixture.Hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_told_as_unknown_characters()
    {
        fixture.Upstream.Answer = async http =>
        {
            http.Response.StatusCode = 400;
            http.Response.ContentType = "application/json";
            byte[] body = [.. "{\"error\":{\"message\":\"caf"u8, 0xE9, .. " \",\"code\":\"a"u8, 0xED, 0xA0, 0x80, .. "\"}}"u8];
            await http.Response.Body.WriteAsync(body);
        };
        var error = await (await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).ErrorAsync();
        Assert.Equal((400, "caf\uFFFD", "a\uFFFD\uFFFD\uFFFD"), (error.Status, error.Message, error.Code));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\" \"")]
    [InlineData("\"None\"")]
    [InlineData("""{"message":"","type":null,"param":null,"code":0}""")]
    public async Task An_error_that_says_nothing_beside_an_answer_is_no_error(string error)
    {
        fixture.Upstream.Answer = http => FakeUpstream.JsonAsync(http, $$"""{"error":{{error}},{{FakeUpstream.PlainAnswer[1..]}}""");
        var plain = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        await AssertChargedAsync(plain);

        fixture.Upstream.Answer = http => StreamAsync(http, "text/event-stream", $$"""{"error":{{error}},""");
        using var stream = await fixture.Hub.Client.OpenStreamAsync(InferenceCalls.Stream("fake"));
        Assert.EndsWith("data: [DONE]\n\n", await ReadAsync(stream), StringComparison.Ordinal);
        await AssertChargedAsync(stream);
    }

    [Fact]
    public async Task An_error_that_says_something_beside_an_answer_is_one()
    {
        const string Error = """{"error":{"code":"server_error"},""";
        fixture.Upstream.Answer = http => FakeUpstream.JsonAsync(http, Error + FakeUpstream.PlainAnswer[1..]);
        Assert.Equal((500, "server_error"), ((await CallAsync()).Status, (await CallAsync()).Code));

        async Task<ErrorView> CallAsync() => await (await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).ErrorAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("text/json")]
    [InlineData("application/problem+json")]
    [InlineData("application/vnd.api+json; charset=utf-8")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json;charset")]
    [InlineData("text/event-stream")]
    public async Task Json_under_any_label_is_read_metered_and_labelled(string? contentType)
    {
        fixture.Upstream.Answer = http =>
        {
            SetType(http, contentType);
            return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("\n " + FakeUpstream.PlainAnswer)).AsTask();
        };
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("0.000047", answer.Headers.GetValues("x-oneui-cost-usd").Single());
        Assert.Equal(FakeUpstream.UsageCostNanoUsd, (await fixture.Hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/event-stream;charset")]
    [InlineData("text/event-stream; charset=utf-8")]
    [InlineData("TEXT/EVENT-STREAM")]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task Events_under_any_label_are_a_stream_where_one_was_asked_for(string? contentType)
    {
        fixture.Upstream.Answer = http => StreamAsync(http, contentType, "{");
        using var answer = await fixture.Hub.Client.OpenStreamAsync(InferenceCalls.Stream("fake"));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", await ReadAsync(answer), StringComparison.Ordinal);
        await AssertChargedAsync(answer);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("text/plain", "Hello")]
    [InlineData("text/html", "<html></html>")]
    [InlineData("text/plain", "data: {}\n\n")]
    public async Task What_is_neither_json_nor_asked_for_is_502(string? contentType, string body)
    {
        fixture.Upstream.Answer = http =>
        {
            SetType(http, contentType);
            return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        };
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        await answer.AssertRefusedAsync(502, "server_error", "upstream_invalid_response");
        var record = await fixture.Hub.RecordAsync(answer);
        Assert.Equal(("upstream_invalid", 0L), (record.Outcome, record.TotalCostNanoUsd));
    }

    private async Task AssertChargedAsync(HttpResponseMessage answer)
    {
        var record = await fixture.Hub.RecordAsync(answer);
        Assert.Equal(("ok", FakeUpstream.UsageCostNanoUsd), (record.Outcome, record.TotalCostNanoUsd));
    }

    private static async Task StreamAsync(HttpContext http, string? contentType, string open)
    {
        SetType(http, contentType);
        await FakeUpstream.EventAsync(http, open + FakeUpstream.Chunk("Hello")[1..]);
        await FakeUpstream.EventAsync(http, $$"""{{open}}"choices":[],"usage":{{FakeUpstream.Usage}}}""");
        await FakeUpstream.EventAsync(http, "[DONE]");
    }

    private static void SetType(HttpContext http, string? contentType)
    {
        if (contentType is not null)
        {
            http.Response.Headers.ContentType = contentType;
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var text = new MemoryStream();
        var piece = new byte[4_096];
        try
        {
            while (await body.ReadAsync(piece) is var read and > 0)
            {
                text.Write(piece, 0, read);
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // A stream with an error need not end properly.
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
