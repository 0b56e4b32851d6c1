using System.Collections.Concurrent;
using System.Net;
using Gateway.Core.Storage;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>What the cases of write routes need: the product, people, and fifty calls at once.</summary>
internal sealed class WriteWorld : IAsyncDisposable
{
    public const int Calls = 50;

    /// <summary>What a call of LiteLLM's spend logs cost.</summary>
    public const long SpendNanoUsd = 2_500_000;

    private readonly ConcurrentQueue<string> _spendLogs;

    private WriteWorld(AdminHub hub, FakeLiteLlm upstream, ConcurrentQueue<string> spendLogs) =>
        (Hub, Upstream, _spendLogs) = (hub, upstream, spendLogs);

    public AdminHub Hub { get; }

    public FakeLiteLlm Upstream { get; }

    public HttpClient Admin => Hub.Admin.Client;

    public static async Task<WriteWorld> StartAsync(TestDatabase database)
    {
        var upstream = await FakeLiteLlm.StartAsync();
        upstream.Offers(
            FakeLiteLlm.Row("offered", "openai", """{"id":"offered-id","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}""")
        );
        ConcurrentQueue<string> spendLogs = [];
        upstream.Manage = (call, _) =>
            call switch
            {
                "GET /spend/logs" => $"[{string.Join(",", spendLogs)}]",
                "GET /model_group/info" => """{"data":[{"model_group":"grouped","providers":["anthropic"],"mode":"chat"}]}""",
                "GET /budget/list" => """[{"budget_id":"theirs","max_budget":5.0}]""",
                "POST /budget/info" => """[{"budget_id":"theirs","max_budget":5.0}]""",
                "POST /budget/new" or "POST /budget/update" => """{"budget_id":"theirs","max_budget":5.0}""",
                "POST /v1/chat/completions" => FakeUpstream.PlainAnswer,
                "POST /key/generate" => """{"key":"sk-theirs-1234","key_name":"sk-...1234","token":"theirs-token"}""",
                "GET /user/info" =>
                    """{"user_id":null,"user_info":null,"keys":[{"token":"theirs-token","key_alias":"theirs"}],"teams":[]}""",
                _ => "{}",
            };
        return new WriteWorld(
            await upstream.StartHubAsync(database, ("GUEST_SESSIONS_ENABLED", "true"), ("PASSWORD_ITERATIONS", "1000")),
            upstream,
            spendLogs
        );
    }

    /// <summary>The calls, sent together. None may end with a fault of ours.</summary>
    public static async Task<ApiAnswer[]> AtOnceAsync(HttpClient client, string method, string path, Func<int, object?>? body = null)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => client.SendAsync(method, path, body?.Invoke(i))));
        Assert.All(answers, a => Assert.True(a.Status < HttpStatusCode.InternalServerError, $"{method} {path}: {(int)a.Status} {a.Raw}"));
        return answers;
    }

    /// <summary>Fifty at once of which so many succeed; the others are refused with one of the codes.</summary>
    public static async Task<ApiAnswer[]> SomeSucceedAsync(
        int winners,
        HttpClient client,
        string method,
        string path,
        Func<int, object?>? body,
        params string[] refusals
    )
    {
        var answers = await AtOnceAsync(client, method, path, body);
        var succeeded = answers.Where(a => a.Status is HttpStatusCode.OK or HttpStatusCode.Created).ToArray();
        Assert.All(answers.Except(succeeded), a => Assert.Contains(a.Code, refusals));
        Assert.Equal(winners, succeeded.Length);
        return succeeded;
    }

    public static Task<ApiAnswer[]> AllSucceedAsync(HttpClient client, string method, string path, Func<int, object?>? body = null) =>
        SomeSucceedAsync(Calls, client, method, path, body);

    /// <summary>
    /// Of fifty deletions one deletes: one entry in the audit. Who meets it in the act is told so (409), who comes later that there is
    /// nothing.
    /// </summary>
    public async Task OneDeletesAsync(HttpClient client, string path, string id, string action, string refusal = "not_found")
    {
        await SomeSucceedAsync(1, client, "DELETE", path, null, refusal, "conflict");
        Assert.Equal(1, await Hub.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id && a.Action == action)));
    }

    /// <summary>A call that a user made straight at LiteLLM; its id there.</summary>
    public string Offer(string userId)
    {
        var id = Name();
        var time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        _spendLogs.Enqueue(
            $$"""{"request_id":"{{id}}","call_type":"acompletion","api_key":"theirs","user":"{{userId}}","spend":0.0025,"prompt_tokens":1,"completion_tokens":1,"startTime":"{{time}}","endTime":"{{time}}","model":"openai/offered","model_group":"offered","status":"success"}"""
        );
        return id;
    }

    /// <summary>A row made by an admin; its id.</summary>
    public async Task<string> NewAsync(string path, object body)
    {
        var answer = await Admin.SendAsync("POST", path, body);
        answer.Is(201);
        return answer.Body.Text("data.id");
    }

    public async Task<string> NewModelAsync() =>
        await NewAsync("/admin/models", new { company_id = await NewAsync("/admin/companies", new { name = Name() }), name = Name() });

    public Task<T> ReadAsync<T>(Func<HubDbContext, Task<T>> read) => Hub.ReadAsync(read);

    public static string Name() => "n" + Guid.NewGuid().ToString("N");

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
