using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Journal;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Limits.Rates;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits;

/// <summary>What a call takes is one reservation: all of it or nothing, and it ends once.</summary>
public sealed class ReservationTests(ReservationTests.Fixture fixture) : IClassFixture<ReservationTests.Fixture>
{
    private const long Enough = 1_000_000_000;

    private static readonly CallEnd Answered = new(
        new MeteredAnswer
        {
            Outcome = AnswerOutcome.Complete,
            UsageSource = UsageSource.Reported,
            Usage = TokenUsage.OfText(5, 8),
            HasContent = true,
        },
        Outcomes.Ok,
        200,
        IsStream: false
    );

    private HubHost Hub => fixture.Hub;

    [Fact]
    public async Task It_is_taken_at_once_when_all_is_in_memory()
    {
        var caller = await LimitedAsync(Enough);
        var first = await OpenAsync(caller);
        await TakeAsync(first);
        await first.EndAsync(CallEnd.NeverSent);
        var pending = (await OpenAsync(caller)).TakeAsync(default);
        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Null(await pending);
    }

    [Fact]
    public async Task It_takes_place_request_money_and_a_record_in_the_journal()
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await OpenAsync(caller);
        await TakeAsync(reservation);
        Assert.Equal((1, 1L), RatesOf(caller));
        Assert.True(reservation.Hold!.Amount > Money.Zero);
        Assert.False(reservation.LastJournalRecord.IsNone);
    }

    [Fact]
    public async Task Refused_by_a_rate_it_has_taken_nothing()
    {
        var caller = await LimitedAsync(Enough);
        await TakeAsync(await OpenAsync(caller));
        var second = await OpenAsync(caller);
        Assert.Equal("rate_limit_exceeded", (await second.TakeAsync(default))!.Code);
        Assert.Equal((1, 1L), RatesOf(caller));
        Assert.Null(second.Hold);
        Assert.True(second.IsEnded);
    }

    [Fact]
    public async Task Refused_for_money_it_has_given_back_what_it_took_of_the_rates()
    {
        var caller = await LimitedAsync(1);
        var reservation = await OpenAsync(caller);
        Assert.Equal("insufficient_quota", (await reservation.TakeAsync(default))!.Code);
        Assert.Equal((0, 0L), RatesOf(caller));
        Assert.True(reservation.LastJournalRecord.IsNone);
    }

    [Fact]
    public async Task A_call_that_never_went_upstream_gives_everything_back_and_leaves_no_row()
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await OpenAsync(caller);
        await TakeAsync(reservation);
        Assert.Equal(Money.Zero, await reservation.EndAsync(CallEnd.NeverSent));
        Assert.Equal((0, 0L), RatesOf(caller));
        Assert.False(reservation.Hold!.IsOpen);
        Assert.Null(reservation.Call.Result);
    }

    [Fact]
    public async Task It_ends_once()
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await SentAsync(caller);
        var charged = await reservation.EndAsync(Answered);
        Assert.True(charged > Money.Zero);
        Assert.Equal(Money.Zero, await reservation.EndAsync(CallEnd.Failed(Outcomes.UpstreamError, 500, isStream: false)));
        await reservation.CloseAsync(500);
        Assert.Equal((charged.NanoUsd, Outcomes.Ok), await OnlyRowAsync(caller));
        Assert.Equal((0, 1L), RatesOf(caller));
    }

    [Theory, InlineData(0, 0L), InlineData(1, 0L)] // attempts upstream; requests that count
    public async Task What_nobody_ended_is_ended_when_it_is_closed(int attempts, long counted)
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await OpenAsync(caller);
        await TakeAsync(reservation);
        reservation.Call.Attempts = attempts;
        await reservation.CloseAsync(502);
        Assert.True(reservation.IsEnded);
        Assert.False(reservation.Hold!.IsOpen);
        Assert.Equal((0, counted), RatesOf(caller));
        Assert.Equal(attempts > 0 ? Outcomes.UpstreamUnreachable : null, reservation.Call.Result?.Record.Outcome);
    }

    [Fact]
    public async Task An_end_that_fails_gives_the_money_back_and_counts_the_call_with_what_it_took()
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await SentAsync(caller);
        fixture.Recorder.Fault = new InvalidOperationException("A fault of the test's.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => reservation.EndAsync(Answered).AsTask());
        fixture.Recorder.Fault = null;
        Assert.True(reservation.Hold!.IsOpen);
        await reservation.CloseAsync(200);
        Assert.False(reservation.Hold!.IsOpen);
        Assert.Equal((0, 1L), RatesOf(caller));
    }

    [Fact]
    public async Task The_row_is_written_down_before_the_money_is_settled_and_that_before_the_place_is_given_back()
    {
        var caller = await LimitedAsync(Enough);
        var reservation = await SentAsync(caller);
        var seen = (IsOpen: false, Rates: (0, 0L));
        fixture.Recorder.Recording = () => seen = (reservation.Hold!.IsOpen, RatesOf(caller));
        await reservation.EndAsync(Answered);
        fixture.Recorder.Recording = null;
        Assert.Equal((true, (1, 1L)), seen);
        Assert.Equal((0, 1L), RatesOf(caller));
    }

    [Fact]
    public void A_part_of_a_call_that_is_read_too_early_names_itself()
    {
        var caller = new Caller(new CallingUser("u", "t", null, true, true, null), null);
        var call = new Call("r", ApiTable.Chat, caller, DateTime.UnixEpoch);
        Assert.Contains(
            nameof(Reservation),
            Assert.Throws<InvalidOperationException>(() => call.Reservation).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(nameof(RequestBody), Assert.Throws<InvalidOperationException>(() => call.Body).Message, StringComparison.Ordinal);
    }

    private async Task<TestKey> LimitedAsync(long nanoUsd)
    {
        var caller = await Hub.AddCallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => (l.MaxConcurrent, l.RequestsPerDay) = (1, 100));
        await Hub.AddKeyBudgetAsync(caller, nanoUsd);
        return caller;
    }

    private async Task<Reservation> OpenAsync(TestKey caller)
    {
        var directory = Hub.Services.GetRequiredService<CallerDirectory>();
        var key = await directory.FindKeyAsync(caller.Key.PublicId, default);
        var user = await directory.FindUserAsync(caller.UserId, default);
        var body = InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":50");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var call = new Call(Guid.CreateVersion7().ToString(), ApiTable.Chat, new Caller(user!, key), now)
        {
            Model = Hub.Services.GetRequiredService<PolicySource>().Current.FindModel("sandbox-chat")!,
        };
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        call.Add(new RequestBody(bytes, bytes.Length, Bounds.Read(body)));
        return Hub.Services.GetRequiredService<Reservations>().Open(call);
    }

    private static async Task TakeAsync(Reservation reservation) => Assert.Null(await reservation.TakeAsync(default));

    private async Task<Reservation> SentAsync(TestKey caller)
    {
        var reservation = await OpenAsync(caller);
        await TakeAsync(reservation);
        reservation.Call.Attempts = 1;
        return reservation;
    }

    private (int InFlight, long Requests) RatesOf(TestKey caller)
    {
        var counters = Hub.Services.GetRequiredService<CounterStore>().GetOrAdd(new CounterKey(QuotaScope.ApiKey, caller.Id, null, null));
        return (counters.InFlight, counters.Day.Requests);
    }

    private async Task<(long NanoUsd, string Outcome)> OnlyRowAsync(TestKey caller)
    {
        var record = await Eventually.NotNullAsync(async () =>
        {
            await using var db = await Hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.ApiKeyId == caller.Id);
        });
        return (record.TotalCostNanoUsd, record.Outcome);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        internal WatchedRecorder Recorder { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Hub = await HubHost.StartAsync(configure: builder =>
                builder.Services.AddSingleton<IUsageRecorder>(services =>
                    Recorder = new WatchedRecorder(ActivatorUtilities.CreateInstance<JournaledRecorder>(services))
                )
            );
            Hub.Services.GetRequiredService<IUsageRecorder>();
        }

        public Task DisposeAsync() => Hub.DisposeAsync().AsTask();
    }

    internal sealed class WatchedRecorder(IUsageRecorder inner) : IUsageRecorder
    {
        public Exception? Fault { get; set; }

        public Action? Recording { get; set; }

        public ValueTask RecordAsync(UsageRecord record, JournalPosition last)
        {
            Recording?.Invoke();
            return Fault is null ? inner.RecordAsync(record, last) : ValueTask.FromException(Fault);
        }
    }
}
