using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Support;

/// <summary>A fresh product beside a LiteLLM that answers everything that the management API asks of one.</summary>
internal static class DescribedHub
{
    public static async Task<(FakeLiteLlm Upstream, AdminHub Hub)> StartAsync()
    {
        var upstream = await FakeLiteLlm.StartAsync();
        upstream.Offers(
            FakeLiteLlm.Row("m", "openai", """{"id":"id-m","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}""")
        );
        upstream.Models = _ => Task.FromResult<string?>("""{"data":[{"id":"m","object":"model","owned_by":"openai"}]}""");
        upstream.Manage = (call, _) =>
            call switch
            {
                "GET /model_group/info" => """{"data":[{"model_group":"m","providers":["openai"],"mode":"chat"}]}""",
                "GET /budget/list" or "POST /budget/info" => """[{"budget_id":"b","max_budget":5,"budget_duration":"30d"}]""",
                "GET /budget/settings" => """[{"field_name":"max_budget","field_type":"Float"}]""",
                "POST /budget/new" or "POST /budget/update" or "POST /budget/delete" => """{"budget_id":"b","max_budget":5}""",
                "GET /user/info" => """{"user_id":null,"user_info":null,"keys":[{"token":"t","key_alias":"ci","spend":1.5}],"teams":[]}""",
                "POST /key/generate" => """{"key":"sk-x","token":"t"}""",
                "GET /spend/logs" => "[]",
                "GET /global/spend" => """{"spend":12.5,"max_budget":0}""",
                "GET /global/spend/logs" => """[{"date":"2026-01-05","spend":1.25}]""",
                "GET /v6/k/latest/USD" => """{"result":"success","conversion_rates":{"USD":1,"RUB":95}}""",
                "POST /v1/chat/completions" => FakeUpstream.PlainAnswer,
                _ when call.StartsWith("POST /model/", StringComparison.Ordinal)
                        || call.StartsWith("POST /key/", StringComparison.Ordinal) => "{}",
                _ => null,
            };
        var hub = await upstream.StartHubAsync(
            TestDatabase.Sqlite,
            ("EXCHANGE_RATE_API_KEY", "k"),
            ("EXCHANGE_RATE_BASE_URL", upstream.Address + "/v6")
        );
        return (upstream, hub);
    }
}
