using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>An account to be registered. No tier: the one for new users; no username: one is made from the email.</summary>
[Example("""{"email":"ann@example.com","password":"correct horse","name":"Ann"}""")]
internal sealed record NewAccount : AccountUpdate
{
    [StringLength(255, MinimumLength = 1), Email]
    public required string Email
    {
        get;
        init => field = value.ToLowerInvariant();
    }

    [StringLength(128, MinimumLength = 8), DataType(DataType.Password)]
    public required string Password { get; init; }

    [StringLength(36)]
    public string? TierId { get; init; }

    [StringLength(100)]
    [Description("The tier by its name, ignoring case.")]
    public string? TierName { get; init; }

    [StringLength(127)]
    public string? FirstName { get; init; }

    [StringLength(127)]
    public string? LastName { get; init; }

    [StringLength(127), JsonPropertyName("firstName")]
    public string? FirstNameInCamelCase { get; init; }

    [StringLength(127), JsonPropertyName("lastName")]
    public string? LastNameInCamelCase { get; init; }

    /// <summary>One client sends a whole name, one its two halves in camelCase.</summary>
    [JsonIgnore]
    public string? FullName
    {
        get
        {
            string?[] halves = [FirstNameInCamelCase ?? FirstName, LastNameInCamelCase ?? LastName];
            var name = Name.Value ?? string.Join(' ', halves.OfType<string>());
            return name.Length == 0 ? null : name;
        }
    }
}
