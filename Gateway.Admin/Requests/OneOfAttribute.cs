using System.Reflection;

namespace Gateway.Admin.Requests;

/// <summary>One of a few words.</summary>
internal sealed class OneOfAttribute : RuleAttribute
{
    public OneOfAttribute(params string[] words)
        : base("one_of", $"must be one of {string.Join(", ", words)}") => Words = words;

    /// <summary>The words that a type lists.</summary>
    /// <param name="owner">The type.</param>
    /// <param name="list">Its static property.</param>
    public OneOfAttribute(Type owner, string list = "All")
        : this([.. (IEnumerable<string>)owner.GetProperty(list, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!]) { }

    public IReadOnlyList<string> Words { get; }

    public override bool IsValid(object? value) => value is null || (value is string text && Words.Contains(text));
}
