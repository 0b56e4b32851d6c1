using Gateway.Tests.Admin.Support;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>The management calls against a real LiteLLM without a database: what it knows comes in, what it cannot do it says.</summary>
[Collection(RealLiteLlmTests.Name)]
public sealed class RealManagementTests(RealHub real)
{
    [RealLiteLlmFact]
    public async Task Models_sync_and_a_second_sync_of_either_kind_changes_nothing()
    {
        using var admin = await SignInAsync();
        (await admin.SendAsync("POST", "/admin/models/sync")).Is(200);
        var again = (await admin.SendAsync("POST", "/admin/models/sync")).Body;
        Assert.Equal((0m, 0m, true), (again.Number("data.created"), again.Number("data.updated"), again.Number("data.unchanged") > 0));
        (await admin.SendAsync("POST", "/admin/models/sync-model-group")).Is(200);
        var groups = (await admin.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal((0m, 0m), (groups.Number("data.created"), groups.Number("data.updated")));
        (await admin.SendAsync("POST", "/admin/models/sync")).Is(200);
    }

    [RealLiteLlmTheory]
    [InlineData("GET", "/admin/budgets/litellm", null)]
    [InlineData("GET", "/admin/budgets/litellm/b", null)]
    [InlineData("GET", "/admin/budgets/litellm/settings?budget_id=b", null)]
    [InlineData("POST", "/admin/budgets/litellm", """{"max_budget":1}""")]
    [InlineData("PUT", "/admin/budgets/litellm", """{"id":"b","max_budget":1}""")]
    [InlineData("DELETE", "/admin/budgets/litellm/b", null)]
    [InlineData("POST", "/admin/budgets/sync", null)]
    [InlineData("POST", "/admin/models/litellm", """{"model_name":"n","litellm_params":{"model":"openai/n"}}""")]
    [InlineData("POST", "/admin/requests/sync", null)]
    public async Task What_needs_a_database_says_that_there_is_none(string method, string path, string? body)
    {
        using var admin = await SignInAsync();
        var answer = await admin.SendAsync(method, path, body);
        answer.IsError(502, "upstream_error");
        Assert.StartsWith("LiteLLM has no database", answer.Body.Text("error"));
    }

    [RealLiteLlmFact]
    public async Task Without_a_database_there_the_keys_are_those_of_the_gateway()
    {
        using var admin = await SignInAsync();
        (await admin.SendAsync("POST", "/admin/litellm/users/keys", """{"key_alias":"k"}""")).Is(201);
        (await admin.SendAsync("GET", "/admin/litellm/users/info")).Is(200);
    }

    [RealLiteLlmTheory]
    [InlineData("/admin/models/litellm")]
    [InlineData("/admin/models/litellm/model-group")]
    [InlineData("/admin/litellm/models/info")]
    [InlineData("/admin/litellm/models/group-info")]
    [InlineData("/admin/litellm/global/spend")]
    [InlineData("/admin/litellm/global/spend/logs")]
    [InlineData("/llm/models")]
    public async Task What_needs_none_is_answered(string path)
    {
        using var admin = await SignInAsync();
        (await admin.ReadAsync(path)).Is(200);
    }

    private async Task<HttpClient> SignInAsync()
    {
        var login = await real.Hub.Anonymous.SendAsync(
            "POST",
            "/auth/login",
            new { email = real.Hub.AdminEmail, password = real.Hub.AdminPassword }
        );
        login.Is(200);
        return real.Hub.NewClient(login.Body.Text("token"));
    }
}
