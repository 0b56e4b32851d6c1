using System.Text;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Upstreams;

namespace Gateway.Stored;

/// <summary>
/// Watches the form of an upload. What the file is for may stand behind it: until that is known, it is read as a file for a batch might be,
/// and what is wrong with it as one counts only when it is one.
/// </summary>
internal sealed class UploadSink(BatchLines lines) : IFormSink
{
    private const string Batch = "batch";
    private const int LongestText = 64;

    private static readonly string[] Texts = ["purpose", "expires_after[anchor]", "expires_after[seconds]"];

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private FormPart _part;
    private bool _isRead;
    private Refusal? _fault;

    /// <summary>What the file is for; null: that has not come yet.</summary>
    public string? Purpose { get; private set; }

    /// <summary>Whether it is for a batch.</summary>
    public bool IsBatch => Purpose == Batch;

    /// <summary>Whether nothing that comes will tell more of where it has to go.</summary>
    public bool KnowsUpstream => lines.Upstream is not null || _fault is not null || _isRead || (Purpose is not null && !IsBatch);

    /// <summary>Where it has to go; null: anywhere.</summary>
    public PolicyUpstream? Upstream => Purpose is null or Batch ? lines.Upstream : null;

    /// <inheritdoc/>
    public Refusal? Begin(FormPart part)
    {
        _part = part;
        _text.Clear();
        return !_seen.Add(part.Name) ? Refusals.DuplicateMember(part.Name)
            : part.IsFile ? (part.Name == "file" ? null : Refusals.InvalidForm($"'{part.Name}' is no file here"))
            : Texts.Contains(part.Name) ? null
            : Refusals.InvalidForm($"'{part.Name}' is not known here");
    }

    /// <inheritdoc/>
    public Refusal? Take(ReadOnlySpan<byte> bytes)
    {
        if (!_part.IsFile)
        {
            _text.Append(Encoding.ASCII.GetString(bytes));
            return _text.Length <= LongestText ? null : Refusals.InvalidMember(_part.Name, $"at most {LongestText} characters");
        }
        return Purpose is null or Batch && _fault is null ? Note(lines.Take(bytes)) : null;
    }

    /// <inheritdoc/>
    public Refusal? End()
    {
        if (_part.IsFile)
        {
            _isRead = true;
            return Purpose is null or Batch && _fault is null ? Note(lines.End()) : null;
        }
        if (_part.Name == "purpose")
        {
            Purpose = _text.ToString();
            return IsBatch ? _fault : null;
        }
        return null;
    }

    /// <summary>The form has ended.</summary>
    public Refusal? Finish() =>
        !_seen.Contains("file") ? Refusals.InvalidMember("file", "a file")
        : string.IsNullOrEmpty(Purpose) ? Refusals.InvalidMember("purpose", "what the file is for, such as batch or user_data")
        : null;

    private Refusal? Note(Refusal? fault)
    {
        _fault ??= fault;
        return IsBatch ? fault : null;
    }
}
