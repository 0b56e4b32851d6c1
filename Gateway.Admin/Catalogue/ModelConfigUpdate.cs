using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to change of a model's config. A null rate goes back to what the upstream or the shipped list says.</summary>
[Example("""{"is_enabled":true,"input_token_cost":0.0000025,"output_token_cost":0.00001}""")]
internal record ModelConfigUpdate : IWireObject, IValidatableObject
{
    /// <summary>Nothing.</summary>
    public static readonly ModelConfigUpdate Nothing = new();

    [Description("A free model costs nothing, whatever its prices are.")]
    public Optional<bool> IsFree { get; init; }

    [Description("False hides the model and refuses its calls.")]
    public Optional<bool> IsEnabled { get; init; }

    [Whole(0, 1_000_000_000)]
    [Description("The most tokens that an image in a prompt can be.")]
    public Optional<long?> ImageTokenBound { get; init; }

    [OneOf(typeof(ChatTiers))]
    [Description("The word under which chat clients list the model; null: by the price of its answers.")]
    public Optional<string?> ChatTier { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> InputTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> OutputTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> CacheReadTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> CacheWriteTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> ReasoningTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> InputAudioTokenCost { get; init; }

    [Price, Description("USD per token.")]
    public Optional<Rate?> OutputAudioTokenCost { get; init; }

    [Price, Description("USD per image.")]
    public Optional<Rate?> ImageCost { get; init; }

    [Price, Description("USD per call.")]
    public Optional<Rate?> RequestCost { get; init; }

    [Price, JsonPropertyName("rates")]
    [Description("Prices by the keys of the price table, in USD per unit; null removes one.")]
    public Optional<IReadOnlyDictionary<RateKey, Rate?>> SentRates { get; init; }

    /// <summary>All prices that were sent, by key; null removes one.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<RateKey, Rate?> Rates
    {
        get
        {
            var rates = SentRates.IsSent ? new Dictionary<RateKey, Rate?>(SentRates.Value) : [];
            foreach (var (member, sent) in Singles().Where(s => s.Sent.IsSent))
            {
                rates[PriceViews.All[member]] = sent.Value;
            }
            return rates;
        }
    }

    // A price may be sent by its own member or by its key in rates, but not as two different ones.
    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        foreach (var (member, sent) in SentRates.IsSent ? Singles().Where(s => s.Sent.IsSent) : [])
        {
            var key = PriceViews.All[member];
            if (SentRates.Value.TryGetValue(key, out var other) && other != sent.Value)
            {
                yield return new MemberFault(member, "contradiction", $"differs from rates.{key}");
            }
        }
    }

    private (string Member, Optional<Rate?> Sent)[] Singles() =>
        [
            ("input_token_cost", InputTokenCost),
            ("output_token_cost", OutputTokenCost),
            ("cache_read_token_cost", CacheReadTokenCost),
            ("cache_write_token_cost", CacheWriteTokenCost),
            ("reasoning_token_cost", ReasoningTokenCost),
            ("input_audio_token_cost", InputAudioTokenCost),
            ("output_audio_token_cost", OutputAudioTokenCost),
            ("image_cost", ImageCost),
            ("request_cost", RequestCost),
        ];
}
