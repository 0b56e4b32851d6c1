using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>What OpenAI keeps: conversations, files and batches. All in memory, as long as the server lives.</summary>
/// <param name="answer">Answers a call of a batch: its path below the version, and its body.</param>
internal sealed class ProviderStore(Func<string, JsonObject, JsonObject> answer)
{
    private const long Created = 1_764_504_000;

    private readonly ConcurrentDictionary<string, (JsonObject Conversation, List<JsonObject> Items)> _conversations = new();
    private readonly ConcurrentDictionary<string, (JsonObject File, string Content)> _files = new();
    private readonly ConcurrentDictionary<string, StoredBatch> _batches = new();

    /// <summary>Whether there is such a conversation.</summary>
    public bool HasConversation(string id) => _conversations.ContainsKey(id);

    /// <summary>Whether the path is one of these.</summary>
    public static bool Has(string path) => path.Split('/') is ["", "conversations" or "files" or "batches", ..];

    /// <summary>Answers: JSON, or the text of a file; null: there is no such thing.</summary>
    public (JsonNode? Json, string? Text)? Answer(HttpRequest request, string path, string body) =>
        (request.Method, path.Split('/')[1..]) switch
        {
            ("POST", ["conversations"]) => (NewConversation(body), null),
            (var method, ["conversations", var id, .. var rest]) when _conversations.TryGetValue(id, out var kept) => (
                OfConversation(method, id, kept, rest, body),
                null
            ),
            ("POST", ["files"]) => (NewFile(request, body), null),
            ("GET", ["files"]) => (ListOf(_files.Values.Select(f => f.File)), null),
            ("GET", ["files", var id]) when _files.TryGetValue(id, out var file) => (file.File.DeepClone(), null),
            ("GET", ["files", var id, "content"]) when _files.TryGetValue(id, out var file) => (null, file.Content),
            ("DELETE", ["files", var id]) when _files.TryRemove(id, out _) => (Deleted(id, "file"), null),
            ("POST", ["batches"]) => (NewBatch(Parse(body)), null),
            ("GET", ["batches"]) => (ListOf(_batches.Values.Select(b => b.Json())), null),
            ("GET", ["batches", var id]) when _batches.TryGetValue(id, out var batch) => (batch.Look(End), null),
            ("POST", ["batches", var id, "cancel"]) when _batches.TryGetValue(id, out var batch) => (batch.Cancel(End), null),
            _ => null,
        };

    private static JsonObject Parse(string body) => (body.Length == 0 ? [] : JsonNode.Parse(body) as JsonObject) ?? [];

    private static string NewId(string prefix) => prefix + Guid.CreateVersion7().ToString("N");

    private static JsonObject Deleted(string id, string what) =>
        new()
        {
            ["id"] = id,
            ["object"] = what,
            ["deleted"] = true,
        };

    private static JsonObject ListOf(IEnumerable<JsonNode> objects) =>
        new()
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. objects.Select(o => o.DeepClone())]),
            ["has_more"] = false,
        };

    private JsonObject NewConversation(string body)
    {
        var asked = Parse(body);
        var conversation = new JsonObject
        {
            ["id"] = NewId("conv_"),
            ["object"] = "conversation",
            ["created_at"] = Created,
            ["metadata"] = asked["metadata"]?.DeepClone() ?? new JsonObject(),
        };
        List<JsonObject> items = [];
        Add(items, asked);
        _conversations[conversation["id"]!.GetValue<string>()] = (conversation, items);
        return (JsonObject)conversation.DeepClone();
    }

    private static JsonObject Add(List<JsonObject> items, JsonObject asked)
    {
        List<JsonObject> added = [];
        foreach (var item in (asked["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var kept = (JsonObject)item.DeepClone();
            kept["id"] = NewId("msg_");
            added.Add(kept);
        }
        items.AddRange(added);
        return ListOf(added);
    }

    private JsonNode? OfConversation(
        string method,
        string id,
        (JsonObject Conversation, List<JsonObject> Items) kept,
        string[] rest,
        string body
    )
    {
        switch (method, rest)
        {
            case ("GET", []):
                return kept.Conversation.DeepClone();
            case ("POST", []):
                kept.Conversation["metadata"] = Parse(body)["metadata"]?.DeepClone();
                return kept.Conversation.DeepClone();
            case ("DELETE", []):
                _conversations.TryRemove(id, out _);
                return Deleted(id, "conversation.deleted");
            case ("GET", ["items"]):
                return ListOf(kept.Items);
            case ("POST", ["items"]):
                return Add(kept.Items, Parse(body));
            case ("GET", ["items", var item]):
                return kept.Items.Find(i => i["id"]!.GetValue<string>() == item)?.DeepClone();
            case ("DELETE", ["items", var item]):
                return kept.Items.RemoveAll(i => i["id"]!.GetValue<string>() == item) > 0 ? kept.Conversation.DeepClone() : null;
            default:
                return null;
        }
    }

    // A form, read as far as the tests' clients and SDKs write it.
    private JsonObject NewFile(HttpRequest request, string body)
    {
        var boundary = request.ContentType![(request.ContentType!.IndexOf("boundary=", StringComparison.Ordinal) + 9)..].Trim('"');
        var (content, purpose, name) = ("", "", "file");
        foreach (var part in body.Split("--" + boundary))
        {
            var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }
            var (head, value) = (part[..end], part[(end + 4)..^2]);
            if (head.Contains("filename", StringComparison.Ordinal))
            {
                content = value;
                name = head.Split("filename=")[1].Split('\r')[0].Split(';')[0].Trim('"');
            }
            else if (head.Contains("purpose", StringComparison.Ordinal))
            {
                purpose = value;
            }
        }
        return Keep(content, purpose, name);
    }

    private JsonObject Keep(string content, string purpose, string name)
    {
        var file = new JsonObject
        {
            ["id"] = NewId("file-"),
            ["object"] = "file",
            ["bytes"] = Encoding.UTF8.GetByteCount(content),
            ["created_at"] = Created,
            ["filename"] = name,
            ["purpose"] = purpose,
            ["status"] = "processed",
        };
        _files[file["id"]!.GetValue<string>()] = (file, content);
        return (JsonObject)file.DeepClone();
    }

    private JsonObject? NewBatch(JsonObject asked)
    {
        if (asked["input_file_id"]?.GetValue<string>() is not { } input || !_files.TryGetValue(input, out var file))
        {
            return null;
        }
        var batch = new StoredBatch(NewId("batch_"), asked, file.Content.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _batches[batch.Id] = batch;
        return batch.Json();
    }

    // The files of a batch that has come so far.
    private BatchEnd End(string[] lines)
    {
        var (output, errors, completed) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var line in lines)
        {
            var call = (JsonObject)JsonNode.Parse(line)!;
            var custom = call["custom_id"]?.GetValue<string>() ?? "";
            var isError = custom.StartsWith("error", StringComparison.Ordinal);
            var body = isError
                ? new JsonObject { ["error"] = new JsonObject { ["message"] = "The request is invalid." } }
                : answer(call["url"]!.GetValue<string>()["/v1".Length..], (JsonObject)call["body"]!);
            if (custom.StartsWith("no-usage", StringComparison.Ordinal))
            {
                body.Remove("usage");
            }
            var row = new JsonObject
            {
                ["id"] = NewId("batch_req_"),
                ["custom_id"] = custom,
                ["response"] = new JsonObject
                {
                    ["status_code"] = isError ? 400 : 200,
                    ["request_id"] = NewId("req_"),
                    ["body"] = body,
                },
                ["error"] = null,
            };
            (isError ? errors : output).Append(row.ToJsonString()).Append('\n');
            completed += isError ? 0 : 1;
        }
        return new BatchEnd(
            output.Length == 0 ? null : Keep(output.ToString(), "batch_output", "output.jsonl")["id"]!.GetValue<string>(),
            errors.Length == 0 ? null : Keep(errors.ToString(), "batch_output", "errors.jsonl")["id"]!.GetValue<string>(),
            completed,
            lines.Length - completed
        );
    }
}
