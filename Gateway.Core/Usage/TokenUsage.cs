using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>
/// What one call used, in disjoint classes: every token is counted once, so that usage times price is a plain sum. Counts are never
/// negative when they come from our readers, and at most <see cref="MaxCount"/>.
/// </summary>
public record struct TokenUsage
{
    /// <summary>More than this of anything in one call is a broken report and is cut to this.</summary>
    public const long MaxCount = 1L << 48;

    private TokenCounts _counts;

    internal TokenUsage(in TokenCounts counts) => _counts = counts;

    /// <summary>The count of a class; 0 for one that is priced and never counted.</summary>
    public long this[TokenClass tokenClass]
    {
        readonly get => (int)tokenClass < TokenClasses.Counted ? _counts[(int)tokenClass] : 0;
        init => _counts[(int)tokenClass] = value;
    }

    /// <inheritdoc cref="TokenClass.Input"/>
    public long Input
    {
        readonly get => this[TokenClass.Input];
        init => this[TokenClass.Input] = value;
    }

    /// <inheritdoc cref="TokenClass.CacheRead"/>
    public long CacheRead
    {
        readonly get => this[TokenClass.CacheRead];
        init => this[TokenClass.CacheRead] = value;
    }

    /// <inheritdoc cref="TokenClass.CacheWrite"/>
    public long CacheWrite
    {
        readonly get => this[TokenClass.CacheWrite];
        init => this[TokenClass.CacheWrite] = value;
    }

    /// <inheritdoc cref="TokenClass.CacheWrite1h"/>
    public long CacheWrite1h
    {
        readonly get => this[TokenClass.CacheWrite1h];
        init => this[TokenClass.CacheWrite1h] = value;
    }

    /// <inheritdoc cref="TokenClass.InputAudio"/>
    public long InputAudio
    {
        readonly get => this[TokenClass.InputAudio];
        init => this[TokenClass.InputAudio] = value;
    }

    /// <inheritdoc cref="TokenClass.InputImage"/>
    public long InputImage
    {
        readonly get => this[TokenClass.InputImage];
        init => this[TokenClass.InputImage] = value;
    }

    /// <inheritdoc cref="TokenClass.InputVideo"/>
    public long InputVideo
    {
        readonly get => this[TokenClass.InputVideo];
        init => this[TokenClass.InputVideo] = value;
    }

    /// <inheritdoc cref="TokenClass.Output"/>
    public long Output
    {
        readonly get => this[TokenClass.Output];
        init => this[TokenClass.Output] = value;
    }

    /// <inheritdoc cref="TokenClass.Reasoning"/>
    public long Reasoning
    {
        readonly get => this[TokenClass.Reasoning];
        init => this[TokenClass.Reasoning] = value;
    }

    /// <inheritdoc cref="TokenClass.OutputAudio"/>
    public long OutputAudio
    {
        readonly get => this[TokenClass.OutputAudio];
        init => this[TokenClass.OutputAudio] = value;
    }

    /// <inheritdoc cref="TokenClass.OutputImage"/>
    public long OutputImage
    {
        readonly get => this[TokenClass.OutputImage];
        init => this[TokenClass.OutputImage] = value;
    }

    /// <summary>What was used by the piece.</summary>
    public ItemUsage Items { get; init; }

    /// <summary>The whole prompt, cached tokens included: this number chooses the context band.</summary>
    public readonly long PromptTokens => Sum(TokenClasses.OfPrompt);

    /// <summary>The whole answer, reasoning included.</summary>
    public readonly long CompletionTokens => Sum(TokenClasses.OfAnswer);

    /// <summary>Prompt and answer.</summary>
    public readonly long TotalTokens => PromptTokens + CompletionTokens;

    /// <summary>True when nothing at all was counted.</summary>
    public readonly bool IsZero => TotalTokens == 0 && Items.IsNone;

    /// <summary>A usage of plain text.</summary>
    public static TokenUsage OfText(long input, long output) => new() { Input = input, Output = output };

    /// <summary>The counts, by class.</summary>
    internal readonly TokenCounts Counts => _counts;

    /// <summary>The same with another count of a class.</summary>
    public readonly TokenUsage With(TokenClass tokenClass, long count)
    {
        var usage = this;
        usage._counts[(int)tokenClass] = count;
        return usage;
    }

    /// <summary>Both together, class by class and piece by piece.</summary>
    public readonly TokenUsage Plus(in TokenUsage other)
    {
        var counts = _counts;
        for (var i = 0; i < TokenClasses.Counted; i++)
        {
            counts[i] = Saturating.Add(counts[i], other._counts[i]);
        }
        var items = Items;
        foreach (var kind in ItemKinds.All)
        {
            items = items[kind] == 0 && other.Items[kind] == 0 ? items : items.With(kind, Saturating.Add(items[kind], other.Items[kind]));
        }
        return new(counts) { Items = items };
    }

    /// <inheritdoc />
    public readonly bool Equals(TokenUsage other) => ((ReadOnlySpan<long>)_counts).SequenceEqual(other._counts) && Items == other.Items;

    /// <inheritdoc />
    public override readonly int GetHashCode() => HashCode.Combine(Input, CacheRead, Output, Reasoning, TotalTokens, Items);

    /// <summary>The count of a group: its classes together, at most <see cref="long.MaxValue"/>.</summary>
    public readonly long Of(TokenGroup group)
    {
        var sum = 0L;
        for (var i = 0; i < TokenClasses.Counted; i++)
        {
            sum += TokenClasses.GroupOf((TokenClass)i) == group ? _counts[i] : 0;
        }
        return sum;
    }

    private readonly long Sum(ReadOnlySpan<TokenClass> classes)
    {
        var sum = 0L;
        foreach (var tokenClass in classes)
        {
            sum += _counts[(int)tokenClass];
        }
        return sum;
    }
}
