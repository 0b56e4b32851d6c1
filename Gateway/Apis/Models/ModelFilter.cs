using System.Diagnostics.CodeAnalysis;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Apis.Models;

/// <summary>
/// The models that a client asks for by what they do: <c>?filter=chat,vision,tools</c>. A word is a mode, <c>vision</c>, or a member of a
/// body that the upstream says the model takes; all have to hold.
/// </summary>
internal sealed class ModelFilter
{
    private const string Name = "filter";
    private const string Vision = "vision";
    private const int MostWords = 16;

    // Names under which some lists have the same.
    private static readonly Dictionary<string, string> Same = new(StringComparer.Ordinal)
    {
        ["function_calling"] = "tools",
        ["structured_outputs"] = "response_format",
        ["reasoning"] = "reasoning_effort",
    };

    private readonly string[] _words;

    private ModelFilter(string[] words) => _words = words;

    /// <summary>Reads it; false with the refusal to give.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="models">The catalogue: what no model of it can do is a mistake.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="refusal">Why it is refused.</param>
    public static bool TryRead(
        IQueryCollection query,
        IEnumerable<PolicyModel> models,
        out ModelFilter filter,
        [NotNullWhen(false)] out Refusal? refusal
    )
    {
        var words = query[Name]
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(word => Same.GetValueOrDefault(word, word))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        filter = new ModelFilter(words);
        var unknown =
            words.Length > MostWords ? words : [.. words.Where(word => word != Vision && !models.Any(model => Does(model, word)))];
        refusal =
            unknown.Length > 0
                ? Refusals.InvalidMember(
                    Name,
                    "modes (such as 'chat', 'embedding', 'image_generation'), 'vision', or parameters that models of the list support, "
                        + "separated by commas"
                )
                : null;
        return refusal is null;
    }

    /// <summary>Whether the model does all that is asked for.</summary>
    public bool Passes(PolicyModel model) => Array.TrueForAll(_words, word => Does(model, word));

    private static bool Does(PolicyModel model, string word) =>
        word == Vision ? model.SupportsVision : model.Mode == word || model.SupportedParameters.Contains(word);
}
