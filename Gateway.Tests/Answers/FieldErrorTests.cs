using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>
/// Every error form that is known from the field, as a client sees it: status, type, param, code and the provider's sentence.
/// </summary>
public sealed class FieldErrorTests(FieldErrorTests.Fixture fixture) : IClassFixture<FieldErrorTests.Fixture>
{
    public static TheoryData<string> All => [.. FieldRecording.Errors.Select(row => row.Name)];

    public static TheoryData<string> InsideSuccess => [.. FieldRecording.Errors.Where(row => row.Status == 200).Select(row => row.Name)];

    [Theory, MemberData(nameof(All))]
    public async Task An_error_keeps_its_status_type_param_code_and_sentence(string name)
    {
        var recorded = FieldRecording.Error(name);
        fixture.Upstream.Answer = http => SendAsync(http, recorded);
        await AssertToldAsync(recorded, await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
    }

    [Theory, MemberData(nameof(InsideSuccess))]
    public async Task An_error_as_the_first_event_gets_the_status_that_its_words_stand_for(string name)
    {
        var recorded = FieldRecording.Error(name);
        fixture.Upstream.Answer = http =>
        {
            FakeUpstream.BeginStream(http);
            return FakeUpstream.EventAsync(http, Encoding.UTF8.GetString(recorded.Body));
        };
        await AssertToldAsync(recorded, await fixture.Hub.Client.ChatAsync(InferenceCalls.Stream("fake")));
    }

    private static async Task SendAsync(HttpContext http, FieldRecording recorded)
    {
        http.Response.StatusCode = recorded.Status;
        var first = (char)recorded.Body[0];
        http.Response.ContentType = first switch
        {
            '{' or '[' => "application/json",
            '<' => "text/html",
            _ => "text/plain",
        };
        await http.Response.Body.WriteAsync(recorded.Body);
    }

    private async Task AssertToldAsync(FieldRecording recorded, HttpResponseMessage answer)
    {
        if (recorded.IsRefused)
        {
            await answer.AssertRefusedAsync(502, "server_error", "upstream_refused");
        }
        else
        {
            var error = await answer.ErrorAsync();
            Assert.Equal(
                (recorded.Expected.GetProperty("status").GetInt32(), Text("message"), Text("type"), Text("param"), Text("code")),
                (error.Status, error.Message, error.Type, error.Param, error.Code)
            );
            Assert.Null(error.Origin);
        }
        var record = await fixture.Hub.RecordAsync(answer);
        Assert.Equal(("none", 0L), (record.UsageSource, record.TotalCostNanoUsd));

        string? Text(string member) => recorded.Expected.GetProperty(member).GetString();
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            var settings = new Dictionary<string, string> { ["LITELLM_BASE_URL"] = Upstream.Address.ToString() };
            Hub = await HubHost.StartAsync(TestDatabase.Sqlite, settings);
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
