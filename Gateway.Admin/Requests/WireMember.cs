using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>A member of a wire record: its name, what it may hold, and its rules.</summary>
internal sealed class WireMember
{
    private readonly Action<object, object?> _set;
    private readonly ConstructorInfo? _sent;

    public WireMember(JsonPropertyInfo property, IReadOnlySet<string> required)
    {
        var source = (PropertyInfo)property.AttributeProvider!;
        var nullability = new NullabilityInfoContext().Create(source);
        var isOptional = property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Optional<>);
        var inner = isOptional ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        _sent = isOptional ? property.PropertyType.GetConstructor([typeof(bool), inner]) : null;
        _set = property.Set!;
        Name = property.Name;
        Type = Nullable.GetUnderlyingType(inner) ?? inner;
        IsNullable = (isOptional ? nullability.GenericTypeArguments[0] : nullability).ReadState == NullabilityState.Nullable;
        IsRequired = property.IsRequired || required.Contains(Name);
        Rules = [.. source.GetCustomAttributes<ValidationAttribute>(inherit: true)];
        IsEnd = source.IsDefined(typeof(EndAttribute), inherit: true);
        Description = source.GetCustomAttribute<DescriptionAttribute>()?.Description;
    }

    public string Name { get; }

    /// <summary>What its value is read as.</summary>
    public Type Type { get; }

    public bool IsNullable { get; }

    public bool IsRequired { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    public string? Description { get; }

    /// <summary>Whether it is the end of a range of times.</summary>
    public bool IsEnd { get; }

    /// <summary>Whether its text counts as it is, with the blanks around it.</summary>
    public bool IsVerbatim => IsSecret || Rules.Any(r => r is OneOfAttribute);

    public bool IsSecret => Rules.Any(r => r is DataTypeAttribute { DataType: DataType.Password });

    /// <summary>Puts a value into a record.</summary>
    public void Set(object record, object? value) => _set(record, _sent is null ? value : _sent.Invoke([true, value]));

    /// <summary>The first rule that a value breaks; null: all hold.</summary>
    /// <param name="field">The member as the answer names it.</param>
    /// <param name="value">The value as it was read.</param>
    /// <param name="context">What rules ask.</param>
    public InvalidMember? Check(string field, object? value, ValidationContext context)
    {
        var broken = Rules.FirstOrDefault(r => r.GetValidationResult(value, context) != ValidationResult.Success);
        return broken switch
        {
            null => null,
            RuleAttribute rule => new InvalidMember(field, rule.Code, rule.Text),
            StringLengthAttribute length when ((string)value!).Length < length.MinimumLength => new InvalidMember(
                field,
                "min_length",
                $"minimum length is {length.MinimumLength}"
            ),
            StringLengthAttribute length => new InvalidMember(field, "max_length", $"maximum length is {length.MaximumLength}"),
            _ => new InvalidMember(field, "format", broken.ErrorMessage!),
        };
    }

    /// <summary>What a value of another type is told: the rule on the member, which names its bounds.</summary>
    public InvalidMember Mistyped(string field, string code, string text) =>
        Rules.OfType<RuleAttribute>().FirstOrDefault() is { } rule
            ? new InvalidMember(field, rule.Code, rule.Text)
            : new InvalidMember(field, code, text);
}
