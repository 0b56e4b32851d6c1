using System.Text;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Stored;

/// <summary>Files and batches, as OpenAI's SDKs send them.</summary>
internal static class BatchCalls
{
    public const string Files = "/v1/files";
    public const string Batches = "/v1/batches";

    private const string Window = "\"completion_window\":\"24h\"";
    private const string Hello = """ "messages":[{"role":"user","content":"Hello"}]""";

    /// <summary>A line that calls chat completions.</summary>
    public static string Line(string id, string more = ",\"max_completion_tokens\":20", string model = "gpt-4o-mini") =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{model}}}",{{{Hello}}}{{{more}}}}}""";

    /// <summary>Uploads a text; the purpose behind the file, as the SDK for Node has it, or before.</summary>
    public static Task<HttpResponseMessage> UploadAsync(this HttpClient client, string text, string purpose = "batch", bool isFirst = false)
    {
        var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (isFirst)
        {
            form.Add(new StringContent(purpose), "purpose");
        }
        form.Add(file, "file", "calls.jsonl");
        if (!isFirst)
        {
            form.Add(new StringContent(purpose), "purpose");
        }
        return client.PostAsync(Files, form);
    }

    /// <summary>The id of a file that is uploaded.</summary>
    public static async Task<string> FileAsync(this HttpClient client, params string[] lines) =>
        await (await client.UploadAsync(string.Join('\n', lines))).IdAsync();

    /// <summary>Makes a batch of a file.</summary>
    public static Task<HttpResponseMessage> BatchAsync(
        this HttpClient client,
        string file,
        string? script = null,
        string endpoint = "/v1/chat/completions"
    ) =>
        client.SendAsync(
            InferenceCalls.Post(
                Batches,
                $$$"""{"input_file_id":"{{{file}}}","endpoint":"{{{endpoint}}}","metadata":{"sandbox":"{{{script}}}"},{{{Window}}}}"""
            )
        );

    public static async Task<string> IdAsync(this HttpResponseMessage answer) => (await answer.JsonAsync()).GetProperty("id").GetString()!;

    /// <summary>Looks at a batch until it has ended.</summary>
    public static async Task<JsonElement> EndAsync(this HttpClient client, string id)
    {
        while (true)
        {
            var batch = await (await client.GetAsync($"{Batches}/{id}")).JsonAsync();
            if (batch.GetProperty("status").GetString() is not ("validating" or "in_progress"))
            {
                return batch;
            }
        }
    }

    /// <summary>The row that lowers what the call was charged with.</summary>
    public static Task<UsageRecord> CorrectionAsync(this HubHost hub, string callId) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.CorrectsId == callId);
        });
}
