using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// A batch: the first look finds it at work, the second at its end. Its <c>metadata.sandbox</c> changes that: <c>stay</c> never ends by
/// itself, <c>fail</c> fails without a line, <c>expire</c> expires with half of its lines done, <c>lose</c> tells of half of its answers.
/// Who cancels finds half of its lines done too.
/// </summary>
internal sealed class StoredBatch(string id, JsonObject asked, string[] lines)
{
    private readonly Lock _lock = new();
    private string _status = "validating";
    private BatchEnd _end = new(null, null, 0, 0);

    /// <summary>Its id.</summary>
    public string Id => id;

    private string Script => asked["metadata"]?["sandbox"]?.GetValue<string>() ?? "";

    /// <summary>As it is now.</summary>
    public JsonObject Json() =>
        new()
        {
            ["id"] = id,
            ["object"] = "batch",
            ["endpoint"] = asked["endpoint"]?.DeepClone(),
            ["errors"] = null,
            ["input_file_id"] = asked["input_file_id"]?.DeepClone(),
            ["completion_window"] = asked["completion_window"]?.DeepClone(),
            ["status"] = _status,
            ["output_file_id"] = _end.Output,
            ["error_file_id"] = _end.Errors,
            ["created_at"] = 1_764_504_000,
            ["request_counts"] = new JsonObject
            {
                ["total"] = lines.Length,
                ["completed"] = _end.Completed,
                ["failed"] = _end.Failed,
            },
            ["metadata"] = asked["metadata"]?.DeepClone(),
        };

    /// <summary>Looks at it.</summary>
    public JsonObject Look(Func<string[], BatchEnd> end)
    {
        lock (_lock)
        {
            if (_status == "validating")
            {
                _status = "in_progress";
            }
            else if (_status == "in_progress" && Script != "stay")
            {
                _status = Script switch
                {
                    "fail" => "failed",
                    "expire" => "expired",
                    _ => "completed",
                };
                _end = _status switch
                {
                    "failed" => _end,
                    "expired" => end(lines[..(lines.Length / 2)]),
                    _ when Script == "lose" => end(lines[..(lines.Length / 2)]) with { Completed = lines.Length },
                    _ => end(lines),
                };
            }
            return Json();
        }
    }

    /// <summary>Cancels it.</summary>
    public JsonObject Cancel(Func<string[], BatchEnd> end)
    {
        lock (_lock)
        {
            if (_status is "validating" or "in_progress")
            {
                (_status, _end) = ("cancelled", end(lines[..(lines.Length / 2)]));
            }
            return Json();
        }
    }
}
