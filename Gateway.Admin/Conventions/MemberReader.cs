using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Reads known members of a JSON object and collects what is wrong with them. Ask for every member first, then look at <see cref="Error"/>;
/// until it is null the values are not to be used. A member is absent, null (refused unless it is nullable) or a value of the right form.
/// </summary>
internal sealed class MemberReader
{
    private const int LongestShownName = 100;

    private readonly JsonElement _root;
    private readonly List<InvalidMember> _invalid;
    private readonly string _prefix;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public MemberReader(JsonElement root)
        : this(root, [], "") { }

    private MemberReader(JsonElement root, List<InvalidMember> invalid, string prefix) =>
        (_root, _invalid, _prefix) = (root, invalid, prefix);

    private delegate InvalidMember? TryRead<T>(JsonElement value, out T result);

    /// <summary>What is wrong so far; null when nothing is.</summary>
    public ApiError? Error => _invalid.Count == 0 ? null : ApiError.Validation(_invalid);

    /// <summary>As <see cref="Error"/>, and a body without one known member is a fault too: for partial updates.</summary>
    public ApiError? UpdateError => Error ?? (AnySent ? null : ApiError.NothingToUpdate);

    /// <summary>Whether at least one of the members asked for was sent.</summary>
    public bool AnySent { get; private set; }

    /// <summary>A text that must be there. Blanks around it do not count.</summary>
    public string RequiredText(string name, int minimum, int maximum) => Require(name, Text(name, minimum, maximum));

    /// <summary>A text whose length (without blanks around it) is within bounds.</summary>
    public Sent<string> Text(string name, int minimum, int maximum) =>
        Read(name, (JsonElement value, out string text) => ReadText(name, value, minimum, maximum, out text));

    /// <summary>A text that may be cleared; an empty one clears too.</summary>
    public Sent<string?> NullableText(string name, int maximum) =>
        Read(
            name,
            (JsonElement value, out string? text) =>
            {
                var fault = ReadText(name, value, 0, maximum, out var read);
                text = read.Length == 0 ? null : read;
                return fault;
            },
            nullable: true
        );

    /// <summary>A secret text as it is: not trimmed, any characters.</summary>
    public Sent<string> Secret(string name, int minimum, int maximum) =>
        Read(name, (JsonElement value, out string text) => ReadString(name, value, out text) ?? Bounded(name, text, minimum, maximum));

    /// <summary>A secret text that must be there.</summary>
    public string RequiredSecret(string name, int minimum, int maximum) => Require(name, Secret(name, minimum, maximum));

    /// <summary>An email address in lower case.</summary>
    public Sent<string> Email(string name) =>
        Read(
            name,
            (JsonElement value, out string text) =>
            {
                var fault = ReadText(name, value, 1, 255, out text);
                text = text.ToLowerInvariant();
                return fault ?? (EmailAddress.IsValid(text) ? null : new InvalidMember(name, "email", "must be a valid email address"));
            }
        );

    /// <summary>An email address that must be there.</summary>
    public string RequiredEmail(string name) => Require(name, Email(name));

    /// <summary>One of a few words.</summary>
    public Sent<string> OneOf(string name, IReadOnlyList<string> words) =>
        Read(
            name,
            (JsonElement value, out string text) =>
                ReadString(name, value, out text)
                ?? (words.Contains(text) ? null : new InvalidMember(name, "one_of", $"must be one of {string.Join(", ", words)}"))
        );

    /// <summary>One of a few words that must be there.</summary>
    public string RequiredOneOf(string name, IReadOnlyList<string> words) => Require(name, OneOf(name, words));

    /// <summary>A text of a form of its own, such as a username.</summary>
    public Sent<string> Text(string name, int minimum, int maximum, Func<string, bool> hasForm, string expected) =>
        Read(
            name,
            (JsonElement value, out string text) =>
                ReadText(name, value, minimum, maximum, out text)
                ?? (hasForm(text) ? null : new InvalidMember(name, "format", $"must be {expected}"))
        );

    /// <summary>True or false.</summary>
    public Sent<bool> Flag(string name) =>
        Read(
            name,
            (JsonElement value, out bool flag) =>
            {
                flag = value.ValueKind == JsonValueKind.True;
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? null
                    : new InvalidMember(name, "boolean", "must be true or false");
            }
        );

    /// <summary>A whole number that may be cleared.</summary>
    public Sent<long?> NullableWhole(string name, long minimum, long maximum) =>
        Read(
            name,
            (JsonElement value, out long? number) =>
            {
                var isWhole = JsonInteger.TryRead(value, out var read) && read >= minimum && read <= maximum;
                number = isWhole ? read : null;
                return isWhole
                    ? null
                    : new InvalidMember(name, "integer", $"must be a whole number, minimum is {minimum}, maximum is {maximum}");
            },
            nullable: true
        );

    /// <summary>A whole number.</summary>
    public Sent<long> Whole(string name, long minimum, long maximum) =>
        Read(
            name,
            (JsonElement value, out long number) =>
                JsonInteger.TryRead(value, out number) && number >= minimum && number <= maximum
                    ? null
                    : NoWhole(name, minimum, maximum, out number)
        );

    /// <summary>One of a few words, that may be cleared.</summary>
    public Sent<string?> NullableOneOf(string name, IReadOnlyList<string> words) =>
        Read(
            name,
            (JsonElement value, out string? text) =>
            {
                var fault = ReadString(name, value, out var read);
                text = read;
                return fault
                    ?? (words.Contains(read) ? null : new InvalidMember(name, "one_of", $"must be one of {string.Join(", ", words)}"));
            },
            nullable: true
        );

    /// <summary>An amount of USD; finer than a nano-dollar is rounded half up.</summary>
    /// <param name="name">The member.</param>
    /// <param name="minimum">The least amount.</param>
    /// <param name="maximumUsd">The largest, in USD.</param>
    public Sent<Money> Amount(string name, Money minimum, long maximumUsd) =>
        Read(name, (JsonElement value, out Money money) => ReadAmount(name, value, minimum, maximumUsd, out money));

    /// <summary>An amount of USD that must be there.</summary>
    public Money RequiredAmount(string name, Money minimum, long maximumUsd)
    {
        var sent = Amount(name, minimum, maximumUsd);
        RefuseMissing(name, sent.IsSent);
        return sent.Or(Money.Zero);
    }

    /// <summary>An amount of USD that may be cleared.</summary>
    public Sent<Money?> NullableAmount(string name, Money minimum, long maximumUsd) =>
        Read(
            name,
            (JsonElement value, out Money? money) =>
            {
                var fault = ReadAmount(name, value, minimum, maximumUsd, out var read);
                money = read;
                return fault;
            },
            nullable: true
        );

    /// <summary>A number that must be there.</summary>
    public decimal RequiredNumber(string name, decimal minimum, decimal maximum)
    {
        var sent = Read(
            name,
            (JsonElement value, out decimal number) =>
            {
                number = 0;
                return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number) && number >= minimum && number <= maximum
                    ? null
                    : new InvalidMember(name, "number", $"must be a number, minimum is {minimum}, maximum is {maximum}");
            }
        );
        RefuseMissing(name, sent.IsSent);
        return sent.Value;
    }

    /// <summary>A time that may be cleared.</summary>
    public Sent<DateTime?> NullableTime(string name) =>
        Read(name, (JsonElement value, out DateTime? time) => ReadTime(name, value, out time), nullable: true);

    /// <summary>A time in the future that may be cleared.</summary>
    public Sent<DateTime?> NullableFutureTime(string name, DateTime now) =>
        Read(
            name,
            (JsonElement value, out DateTime? time) =>
                ReadTime(name, value, out time)
                ?? (time > now ? null : new InvalidMember(name, "future", "must be in the future; without an offset a time is UTC")),
            nullable: true
        );

    /// <summary>A price in USD per unit that may be cleared; finer than a pico-dollar is rounded half up.</summary>
    public Sent<Rate?> NullableRate(string name) =>
        Read(name, (JsonElement value, out Rate? rate) => ReadRate(name, value, out rate), nullable: true);

    /// <summary>An object of prices by the keys of the price table; a null value clears one.</summary>
    public Sent<IReadOnlyDictionary<RateKey, Rate?>> Rates(string name) =>
        Read(
            name,
            (JsonElement value, out IReadOnlyDictionary<RateKey, Rate?> rates) =>
            {
                var read = new Dictionary<RateKey, Rate?>();
                rates = read;
                if (value.ValueKind != JsonValueKind.Object)
                {
                    return new InvalidMember(name, "object", "must be an object of rates");
                }
                foreach (var member in value.EnumerateObject())
                {
                    var field = $"{name}.{member.Name}";
                    if (!RateKey.TryParse(member.Name, out var key))
                    {
                        return new InvalidMember(field, "rate_key", "is no key of a price table");
                    }
                    Rate? rate = null;
                    if (member.Value.ValueKind != JsonValueKind.Null && ReadRate(field, member.Value, out rate) is { } fault)
                    {
                        return fault;
                    }
                    read[key] = rate;
                }
                return null;
            }
        );

    /// <summary>A list of names without repetitions; null counts as empty.</summary>
    public Sent<List<string>?> Names(string name, int maximumCount, int maximumLength) =>
        Read(
            name,
            (JsonElement value, out List<string>? names) =>
            {
                names = [];
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maximumCount)
                {
                    return new InvalidMember(name, "array", $"must be an array of texts, maximum length is {maximumCount}");
                }
                foreach (var item in value.EnumerateArray())
                {
                    if (ReadText(name, item, 1, maximumLength, out var text) is { } fault)
                    {
                        return fault;
                    }
                    if (!names.Contains(text))
                    {
                        names.Add(text);
                    }
                }
                return null;
            },
            nullable: true
        );

    /// <summary>A list of names, where an object with a <c>name</c> stands for it; null counts as not sent.</summary>
    public Sent<List<string>?> NamesOrObjects(string name, int maximumCount, int maximumLength) =>
        Read(
            name,
            (JsonElement value, out List<string>? names) =>
            {
                names = [];
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maximumCount)
                {
                    return new InvalidMember(name, "array", $"must be an array of texts, maximum length is {maximumCount}");
                }
                foreach (var item in value.EnumerateArray())
                {
                    var named = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var inner) ? inner : item;
                    if (ReadText(name, named, 1, maximumLength, out var text) is { } fault)
                    {
                        return fault;
                    }
                    names.Add(text);
                }
                return null;
            },
            nullable: true
        );

    /// <summary>A list of networks (<c>10.0.0.0/8</c>) or single addresses, as networks; null counts as empty.</summary>
    public Sent<List<string>?> Networks(string name, int maximumCount)
    {
        var sent = Names(name, maximumCount, maximumLength: 50);
        List<string> networks = [];
        foreach (var text in sent.Value ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network.ToString());
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128).ToString());
            }
            else
            {
                Refuse(name, "network", $"\"{text}\" is no address and no network such as 10.0.0.0/8");
            }
        }
        return new Sent<List<string>?>(sent.IsSent, networks);
    }

    /// <summary>A list of names, or the same list as JSON in a text, as one client sends it.</summary>
    public Sent<List<string>?> NamesOrJsonText(string name, int maximumCount, int maximumLength)
    {
        if (!TryGet(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return Names(name, maximumCount, maximumLength);
        }
        AnySent = true;
        try
        {
            using var document = JsonDocument.Parse(
                $"{{{JsonSerializer.Serialize(name)}:{(value.GetString() is { Length: > 0 } text ? text : "null")}}}"
            );
            var reader = new MemberReader(document.RootElement);
            var names = reader.Names(name, maximumCount, maximumLength);
            _invalid.AddRange(reader._invalid);
            return names;
        }
        catch (JsonException)
        {
            Refuse(name, "array", "must be an array of texts, or one as JSON text");
            return default;
        }
    }

    /// <summary>A reader of an object within this one, whose faults count here too; null when it is absent.</summary>
    public MemberReader? Child(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }
        AnySent = true;
        if (value.ValueKind == JsonValueKind.Object)
        {
            return new MemberReader(value, _invalid, name + ".");
        }
        Refuse(name, "object", "must be an object");
        return null;
    }

    /// <summary>An object as it is, to be passed on; null when it is absent or null.</summary>
    public System.Text.Json.Nodes.JsonObject? Object(string name)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        AnySent = true;
        if (value.ValueKind == JsonValueKind.Object)
        {
            return System.Text.Json.Nodes.JsonObject.Create(value.Clone());
        }
        Refuse(name, "object", "must be an object");
        return null;
    }

    /// <summary>All members as they are, for bodies whose members have no fixed names.</summary>
    public IEnumerable<JsonProperty> All() => _root.EnumerateObject();

    /// <summary>Whether a member is there and not null, whatever its form.</summary>
    public bool IsSentWithValue(string name) => TryGet(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>
    /// Refuses what was not asked for and looks like a limit, unless its value limits nothing: 0, -1, false, null, empty. Ask for every
    /// member first. Other members that nobody asks for stay ignored.
    /// </summary>
    public void RefuseUnknownLimits(LimitMembers limits)
    {
        foreach (var member in _root.EnumerateObject().Where(m => !_known.Contains(m.Name)))
        {
            var isFalse =
                member.Value.ValueKind == JsonValueKind.False
                || (member.Value.ValueKind == JsonValueKind.Number && member.Value.GetRawText() == "0");
            if (limits.Refuse(member.Name, !LimitsNothing(member.Value), isFalse) is { } reason)
            {
                Refuse(Shortened(member.Name), "unknown_limit", reason);
            }
        }
    }

    /// <summary>Refuses a member for a reason that the reader cannot know.</summary>
    public void Refuse(string name, string code, string message) => _invalid.Add(new InvalidMember(_prefix + name, code, message));

    private static bool LimitsNothing(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
            JsonValueKind.Number => value.TryGetDecimal(out var number) && number is 0 or -1,
            JsonValueKind.String => value.ValueEquals(""u8),
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(m => !LimitsNothing(m.Value)),
            _ => false,
        };

    private static string Shortened(string name) => name.Length <= LongestShownName ? name : name[..LongestShownName] + "...";

    // Whether a member is there. From here on it is known.
    private bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        return _root.TryGetProperty(name, out value);
    }

    private string Require(string name, Sent<string> sent)
    {
        RefuseMissing(name, sent.IsSent);
        return sent.Or("");
    }

    private void RefuseMissing(string name, bool isSent)
    {
        if (!isSent && _invalid.All(i => i.Field != _prefix + name))
        {
            Refuse(name, "required", "is required");
        }
    }

    private Sent<T> Read<T>(string name, TryRead<T> read, bool nullable = false)
    {
        if (!TryGet(name, out var value))
        {
            return default;
        }
        AnySent = true;
        if (value.ValueKind == JsonValueKind.Null && nullable)
        {
            return new Sent<T>(true, default!);
        }
        if (value.ValueKind == JsonValueKind.Null)
        {
            Refuse(name, "not_null", "must not be null");
            return default;
        }
        if (read(value, out var result) is { } fault)
        {
            _invalid.Add(fault with { Field = _prefix + fault.Field });
            return default;
        }
        return new Sent<T>(true, result);
    }

    private static InvalidMember? ReadText(string name, JsonElement value, int minimum, int maximum, out string text)
    {
        var fault = ReadString(name, value, out text);
        text = text.Trim();
        return fault
            ?? (
                text.Contains('\0')
                    ? new InvalidMember(name, "characters", "must not hold the character NUL")
                    : Bounded(name, text, minimum, maximum)
            );
    }

    private static InvalidMember? Bounded(string name, string text, int minimum, int maximum) =>
        text.Length < minimum ? new InvalidMember(name, "min_length", $"minimum length is {minimum}")
        : text.Length > maximum ? new InvalidMember(name, "max_length", $"maximum length is {maximum}")
        : null;

    private static InvalidMember? ReadString(string name, JsonElement value, out string text)
    {
        text = "";
        if (value.ValueKind != JsonValueKind.String)
        {
            return new InvalidMember(name, "string", "must be a text");
        }
        try
        {
            text = value.GetString()!;
            return null;
        }
        catch (InvalidOperationException) // broken UTF-8, half a surrogate pair: no text at all
        {
            throw new ApiErrorException(ApiError.InvalidJson);
        }
    }

    private static InvalidMember NoWhole(string name, long minimum, long maximum, out long number)
    {
        number = 0;
        return new InvalidMember(name, "integer", $"must be a whole number, minimum is {minimum}, maximum is {maximum}");
    }

    private static InvalidMember? ReadTime(string name, JsonElement value, out DateTime? time)
    {
        time = null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            return new InvalidMember(name, "time", $"{IsoTime.Expected}, as a text: numbers are not read as times");
        }
        if (ReadString(name, value, out var text) is { } fault)
        {
            return fault;
        }
        if (!IsoTime.TryParse(text.Trim(), out var read, out var mistake))
        {
            return new InvalidMember(name, "time", mistake);
        }
        time = read;
        return null;
    }

    private static InvalidMember? ReadAmount(string name, JsonElement value, Money minimum, long maximumUsd, out Money money)
    {
        money = default;
        return
            value.ValueKind == JsonValueKind.Number
            && Money.TryParse(value.GetRawText(), out money)
            && money >= minimum
            && money <= Money.FromUsd(maximumUsd)
            ? null
            : new InvalidMember(name, "amount", $"must be a number of USD, minimum is {minimum}, maximum is {maximumUsd}");
    }

    private static InvalidMember? ReadRate(string name, JsonElement value, out Rate? rate)
    {
        rate = value.ValueKind == JsonValueKind.Number && Rate.TryParseUsd(value.GetRawText(), out var read) ? read : null;
        return rate is null ? new InvalidMember(name, "price", "must be a number of USD, minimum is 0, maximum is 1000000") : null;
    }
}
