using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Journal;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Tests.Journal;

/// <summary>What is written down is what is read.</summary>
public sealed class RecordCodecTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Constant(""),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => Whole(s.Get)),
        Gen.Elements("chatcmpl-1", "é🚀", "日本語", new string('x', 255), new string('語', 255))
    );

    private static readonly Gen<DateTime> Times = Gen.Choose(0, int.MaxValue)
        .Select(s => new DateTime(s * 1_000_000_007L % DateTime.MaxValue.Ticks, DateTimeKind.Utc));

    private static readonly Gen<long> Numbers = Gen.OneOf(
        Gen.Elements(0, 1, -1, 63, 64, long.MaxValue, long.MinValue),
        ArbMap.Default.GeneratorFor<long>()
    );

    private static readonly Gen<TokenUsage> TokenCounts =
        from counts in Gen.ArrayOf(Numbers, TokenClasses.Counted)
        from searches in Numbers
        select TokenClasses.All.Aggregate(
            new TokenUsage { Items = new() { WebSearches = searches } },
            (usage, tokenClass) => usage.With(tokenClass, counts[(int)tokenClass])
        );

    private static readonly Gen<Guid> Ids = ArbMap.Default.GeneratorFor<Guid>();

    private static readonly Gen<BudgetCharge> Charges =
        from budget in Texts
        from subject in Texts
        from start in Times
        select new BudgetCharge(budget, subject, start);

    private static readonly Gen<UsageRecord> Usages = Gen.Sized(_ =>
        Ids.SelectMany(id =>
            Members(typeof(UsageRecord))
                .Select(m => ValueOf(m).Select(v => (Member: m, Value: v)))
                .Aggregate(
                    Gen.Constant(Calls.Usage(id)),
                    (record, member) => record.SelectMany(r => member.Select(m => With(r, m.Member, m.Value)))
                )
        )
    );

    private static readonly Gen<HeldAccount> Accounts =
        from scope in Gen.Elements(Enum.GetValues<HeldScope>())
        from id in Texts
        from subject in Texts
        from period in Texts
        from start in Times
        select new HeldAccount(scope, id, subject, period, start);

    private static readonly Gen<HoldRecord> Holds =
        from id in Ids
        from attempt in Gen.Choose(0, int.MaxValue)
        from bound in Numbers
        from admitted in Times
        from texts in Gen.ArrayOf(Texts, 5)
        from optional in Gen.ArrayOf(Optional(Texts), 7)
        from isStream in Gen.Elements(true, false)
        from accounts in Gen.ArrayOf(Accounts)
        from tags in Gen.ArrayOf(Texts)
        select new HoldRecord
        {
            CallId = id,
            Attempt = attempt,
            BoundNanoUsd = bound,
            AdmittedAt = admitted,
            UserId = texts[0],
            TierId = texts[1],
            ModelId = texts[2],
            ModelName = texts[3],
            CallType = texts[4],
            ApiKeyId = optional[0],
            TeamId = optional[1],
            Provider = optional[2],
            ClientRequestId = optional[3],
            ChatId = optional[4],
            MessageId = optional[5],
            EndUser = optional[6],
            Tags = tags,
            IsStream = isStream,
            Accounts = accounts,
        };

    [Fact]
    public void A_ledger_row_is_read_back_with_every_member() =>
        Prop.ForAll(
                Arb.From(Usages),
                usage =>
                {
                    Assert.True(RecordCodec.TryRead(Write(new SettleSource(Guid.Parse(usage.Id), usage)), out var record));
                    Assert.Equal(RecordKind.Settle, record.Kind);
                    // Whether an account in memory knows the charge is not kept, because after a restart none does; and a correction never
                    // comes through the journal. Which labels are added up apart is decided when the row is written.
                    Assert.All(
                        typeof(UsageRecord)
                            .GetProperties()
                            .Where(m =>
                                m.Name
                                    is not (
                                        nameof(UsageRecord.IsBalanceHeld)
                                        or nameof(UsageRecord.CorrectsId)
                                        or nameof(UsageRecord.FoldedLabels)
                                    )
                            ),
                        m => Assert.Equal(m.GetValue(usage), m.GetValue(record.Usage))
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_hold_is_read_back_with_its_accounts() =>
        Prop.ForAll(
                Arb.From(Holds),
                hold =>
                {
                    Assert.True(RecordCodec.TryRead(Write(new HoldSource(in hold)), out var record));
                    Assert.Equal(
                        (RecordKind.Hold, hold.CallId, hold.Attempt, hold.BoundNanoUsd),
                        (record.Kind, record.CallId, record.Attempt, record.BoundNanoUsd)
                    );
                    Assert.Equal(hold.Accounts.ToArray(), record.Hold.Accounts.ToArray());
                    Assert.Equal(hold.Tags!, record.Hold.Tags ?? []);
                    Assert.Equal(hold with { Accounts = default, Tags = null }, record.Hold with { Accounts = default, Tags = null });
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_extension_and_a_release_are_read_back() =>
        Prop.ForAll(
                Arb.From(Ids),
                Arb.From(Numbers),
                Arb.From<int>(ArbMap.Default.GeneratorFor<int>()),
                (id, bound, attempt) =>
                {
                    Assert.True(RecordCodec.TryRead(Write(new ExtendSource(id, attempt, bound)), out var extend));
                    Assert.True(RecordCodec.TryRead(Write(new ReleaseSource(id, attempt)), out var release));
                    Assert.Equal(
                        (RecordKind.Extend, id, attempt, bound),
                        (extend.Kind, extend.CallId, extend.Attempt, extend.BoundNanoUsd)
                    );
                    Assert.Equal((RecordKind.Release, id, attempt), (release.Kind, release.CallId, release.Attempt));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_are_read_without_an_exception() =>
        Prop.ForAll(
                Arb.From(ArbMap.Default.GeneratorFor<byte[]>()),
                Arb.From(Gen.Choose(0, 5)),
                (bytes, kind) =>
                {
                    byte[] record = [1, (byte)kind, .. new byte[16], .. bytes];
                    RecordCodec.TryRead(record, out _);
                    RecordCodec.TryRead(bytes, out _);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_record_that_is_cut_anywhere_is_refused()
    {
        var bytes = Write(new SettleSource(Guid.NewGuid(), Calls.Usage(Guid.NewGuid())));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(RecordCodec.TryRead(bytes.AsSpan(0, length), out _));
        }
    }

    [Theory, InlineData(0, 2), InlineData(1, 9)]
    public void A_format_or_kind_that_is_not_known_is_refused(int at, byte value)
    {
        var bytes = Write(new ReleaseSource(Guid.NewGuid(), 1));
        bytes[at] = value;
        Assert.False(RecordCodec.TryRead(bytes, out _));
    }

    [Fact]
    public void A_record_of_a_call_takes_less_than_half_a_kilobyte()
    {
        var id = Guid.CreateVersion7();
        Assert.InRange(Write(new HoldSource(Calls.Hold(id))).Length, 100, 512);
        Assert.InRange(Write(new SettleSource(id, Calls.Usage(id))).Length, 100, 512);
    }

    private static byte[] Write<T>(T source)
        where T : struct, IRecordSource
    {
        var buffer = new byte[256 * 1024];
        var writer = new RecordWriter(buffer);
        source.Write(ref writer);
        Assert.False(writer.Overflowed);
        return buffer[..writer.Length];
    }

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties().Where(p => p.Name is not (nameof(UsageRecord.Id) or nameof(UsageRecord.Numbers)));

    private static Gen<object?> ValueOf(PropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var isOptional =
            Nullable.GetUnderlyingType(member.PropertyType) is not null
            || new NullabilityInfoContext().Create(member).WriteState == NullabilityState.Nullable;
        var values =
            type == typeof(string) ? Texts.Select(v => (object?)v)
            : type == typeof(long) ? Numbers.Select(v => (object?)v)
            : type == typeof(int) ? ArbMap.Default.GeneratorFor<int>().Select(v => (object?)v)
            : type == typeof(bool) ? Gen.Elements<object?>(true, false)
            : type == typeof(DateTime) ? Times.Select(v => (object?)v)
            : type == typeof(TokenUsage) ? TokenCounts.Select(v => (object?)v)
            : type == typeof(IReadOnlyList<string>) ? Gen.ArrayOf(Texts).Select(v => (object?)v)
            : type == typeof(IReadOnlyList<BudgetCharge>) ? Gen.ArrayOf(Charges).Select(v => (object?)v)
            : throw new InvalidOperationException($"{member.Name}: how should a test fill a {type.Name}?");
        return isOptional ? Gen.OneOf(Gen.Constant<object?>(null), values) : values;
    }

    private static UsageRecord With(UsageRecord record, PropertyInfo member, object? value)
    {
        member.SetValue(record, value);
        return record;
    }

    private static Gen<string?> Optional(Gen<string> texts) => Gen.OneOf(Gen.Constant<string?>(null), texts.Select(t => (string?)t));

    // Half surrogates are no text and become U+FFFD; what goes to the ledger has none.
    private static string Whole(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
