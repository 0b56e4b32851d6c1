using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>Puts the members of JSON objects into records and collects every mistake.</summary>
internal sealed class RecordBinder(IServiceProvider? services)
{
    private readonly List<InvalidMember> _faults = [];

    /// <summary>What is wrong so far; null when nothing is.</summary>
    public ApiError? Error => _faults.Count == 0 ? null : ApiError.Validation(_faults);

    /// <summary>Whether at least one known member was sent.</summary>
    public bool AnySent { get; private set; }

    public object Bind(WireType type, JsonElement root, string prefix)
    {
        var record = type.Create();
        var context = new ValidationContext(record, services, null);
        foreach (var member in type.Members)
        {
            Bind(member, record, root, prefix, context);
        }
        if (type.TakesOthers)
        {
            var others = root.EnumerateObject().Where(m => !type.Names.Contains(m.Name)).ToDictionary(m => m.Name, m => m.Value);
            type.SetOthers(record, others);
            AnySent |= others.Count > 0;
        }
        if (record is IValidatableObject rules)
        {
            _faults.AddRange(
                rules.Validate(context).Cast<MemberFault>().Select(f => new InvalidMember(prefix + f.Member, f.Code, f.Message))
            );
        }
        if (record is ILimitedRecord limited)
        {
            _faults.AddRange(UnknownLimits.In(root, type.Names, limited.Limits));
        }
        return record;
    }

    private void Bind(WireMember member, object record, JsonElement root, string prefix, ValidationContext context)
    {
        var field = prefix + member.Name;
        if (!root.TryGetProperty(member.Name, out var value))
        {
            if (member.IsRequired)
            {
                _faults.Add(new InvalidMember(field, "required", "is required"));
            }
            return;
        }
        AnySent = true;
        if (typeof(IWireObject).IsAssignableFrom(member.Type))
        {
            BindObject(member, record, value, field);
        }
        else if (value.ValueKind == JsonValueKind.Null && member.Type != typeof(JsonElement))
        {
            if (member.IsNullable)
            {
                member.Set(record, null);
            }
            else
            {
                _faults.Add(new InvalidMember(field, "not_null", "must not be null"));
            }
        }
        else if (JsonValues.TryRead(member, field, value, _faults, out var result))
        {
            if (member.Check(field, result, context) is { } fault)
            {
                _faults.Add(fault);
            }
            else
            {
                member.Set(record, result);
            }
        }
    }

    private void BindObject(WireMember member, object record, JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            member.Set(record, Bind(WireType.Of(member.Type), value, field + "."));
        }
        else
        {
            _faults.Add(new InvalidMember(field, "object", "must be an object"));
        }
    }
}
