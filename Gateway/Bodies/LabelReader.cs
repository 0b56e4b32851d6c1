using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Bodies;

/// <summary>
/// Reads for whom a call is made and which tags it has: from the gateway's own headers, whose faults are told, and from the members of the
/// body that clients' libraries fill, whose faults are not.
/// </summary>
internal sealed class LabelReader(AttributionOptions options)
{
    /// <summary>The header that names the end user.</summary>
    public const string EndUserHeader = "x-oneui-end-user";

    /// <summary>The header of the tags.</summary>
    public const string TagsHeader = "x-oneui-tags";

    /// <summary>What the headers say; not to be used unless there is no refusal.</summary>
    public Refusal? ReadHeaders(IHeaderDictionary headers, out CallLabels labels)
    {
        labels = CallLabels.None;
        var (users, lines) = (headers[EndUserHeader], headers[TagsHeader]);
        if (users.Count == 0 && lines.Count == 0)
        {
            return null;
        }
        var endUser =
            users.Count == 0 ? null
            : users[0]?.Trim() is { Length: > 0 } name ? name
            : null;
        List<string> tags = [];
        if (EndUserFault(users.Count, endUser) is { } fault)
        {
            return Refusals.InvalidHeader(EndUserHeader, fault);
        }
        foreach (var line in lines)
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Length > options.MaxTagLength || !EndUserText.IsPlain(part))
                {
                    return Refusals.InvalidHeader(
                        TagsHeader,
                        $"holds a tag that is longer than {options.MaxTagLength} characters or has control characters; send shorter plain "
                            + "texts, separated by commas"
                    );
                }
                AddOnce(tags, part);
            }
        }
        if (tags.Count > options.MaxTags)
        {
            return Refusals.InvalidHeader(TagsHeader, $"holds {tags.Count} tags; send at most {options.MaxTags}");
        }
        labels = new CallLabels(endUser, tags);
        return null;
    }

    /// <summary>The headers' labels, completed by the body's.</summary>
    public CallLabels Complete(CallLabels labels, in BodyLabels body)
    {
        if (body.EndUser is null && body.Tags is null)
        {
            return labels;
        }
        List<string> tags = [.. labels.Tags];
        foreach (var part in (body.Tags ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (tags.Count < options.MaxTags && part.Length <= options.MaxTagLength && EndUserText.IsPlain(part))
            {
                AddOnce(tags, part);
            }
        }
        return new CallLabels(labels.EndUser ?? EndUserText.Of(body.EndUser, options.MaxEndUserLength), tags);
    }

    private string? EndUserFault(int count, string? name) =>
        count > 1 ? "is sent several times; send one"
        : name is null ? null
        : name.Length > options.MaxEndUserLength
            ? $"is longer than {options.MaxEndUserLength} characters; send a shorter name, or a hash of it"
        : !EndUserText.IsPlain(name) ? "has control characters; send plain text"
        : null;

    private static void AddOnce(List<string> tags, string tag)
    {
        if (!tags.Contains(tag))
        {
            tags.Add(tag);
        }
    }
}
