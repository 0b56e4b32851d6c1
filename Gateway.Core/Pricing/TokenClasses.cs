using System.Reflection;

namespace Gateway.Core.Pricing;

/// <summary>What is said of token classes in <see cref="TokenClass"/>, by class.</summary>
public static class TokenClasses
{
    /// <summary>
    /// How many classes usage reports tell apart: the first ones of the list. A class that is to be counted too stands right before
    /// <see cref="TokenClass.OutputVideo"/>, of whichever side it is: journals know classes by their place.
    /// </summary>
    public const int Counted = (int)TokenClass.OutputVideo;

    /// <summary>How many groups there are.</summary>
    public const int Groups = (int)TokenGroup.OutputMedia + 1;

    private static readonly TokenClassAttribute[] Facts =
    [
        .. Enum.GetNames<TokenClass>().Select(n => typeof(TokenClass).GetField(n)!.GetCustomAttribute<TokenClassAttribute>()!),
    ];

    private static readonly string[] GroupNames =
    [
        "input",
        "cache_read",
        "cache_write",
        "input_media",
        "output",
        "reasoning",
        "output_media",
    ];

    private static readonly TokenClass[] Prompt = [.. Enum.GetValues<TokenClass>().Take(Counted).Where(IsOfPrompt)];
    private static readonly TokenClass[] Answer = [.. Enum.GetValues<TokenClass>().Take(Counted).Where(c => !IsOfPrompt(c))];

    /// <summary>The counted classes, in order.</summary>
    public static IReadOnlyList<TokenClass> All { get; } = [.. Enum.GetValues<TokenClass>().Take(Counted)];

    /// <summary>The counted classes of prompts.</summary>
    public static ReadOnlySpan<TokenClass> OfPrompt => Prompt;

    /// <summary>The counted classes of answers.</summary>
    public static ReadOnlySpan<TokenClass> OfAnswer => Answer;

    /// <summary>How many classes have a price.</summary>
    internal static int Priced => Facts.Length;

    /// <summary>The class's key in price tables: <c>cache_write_1h</c>.</summary>
    public static string NameOf(TokenClass tokenClass) => Facts[(int)tokenClass].Name;

    /// <summary>What sums and metrics put it into.</summary>
    public static TokenGroup GroupOf(TokenClass tokenClass) => Facts[(int)tokenClass].Group;

    /// <summary>The group's word in metrics: <c>input_media</c>.</summary>
    public static string NameOf(TokenGroup group) => GroupNames[(int)group];

    /// <summary>Whether it is of the prompt; else it is of the answer.</summary>
    public static bool IsOfPrompt(TokenClass tokenClass) => GroupOf(tokenClass) < TokenGroup.Output;

    /// <summary>Whether it can occur only beside content of its kind.</summary>
    public static bool IsMedia(TokenClass tokenClass) => Facts[(int)tokenClass].Media != MediaClasses.None;

    internal static TokenClassAttribute Of(TokenClass tokenClass) => Facts[(int)tokenClass];
}
