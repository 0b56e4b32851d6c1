using Gateway.Bodies;
using Gateway.Core.Configuration;

namespace Gateway.Tests.Bodies;

public sealed class BodyRoomTests
{
    private const string Caller = "key-1";

    private static BodyRoom NewRoom() =>
        new(
            new BodyOptions
            {
                MaxBodyBytes = 10,
                BodyRoomPerKeyBytes = 40,
                BodyRoomBytes = 100,
            }
        );

    [Fact]
    public void A_caller_has_its_own_bound()
    {
        var room = NewRoom();
        Assert.True(room.TryTake(Caller, 40));
        Assert.False(room.TryTake(Caller, 1));
        Assert.True(room.TryTake("key-2", 20));
        Assert.Equal((60, 40), (room.UsedBytes, room.UsedBy(Caller)));
    }

    [Fact]
    public void No_caller_may_have_more_than_is_still_free()
    {
        var room = NewRoom();
        Assert.True(room.TryTake("key-2", 40));
        Assert.False(room.TryTake(Caller, 31));
        Assert.True(room.TryTake(Caller, 30));
        Assert.True(room.TryTake("key-3", 15));
        Assert.False(room.TryTake("key-4", 8));
        Assert.True(room.TryTake("key-4", 7));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again()
    {
        var room = NewRoom();
        Assert.True(room.TryTake(Caller, 40));
        room.GiveBack(Caller, 40);
        Assert.Equal((0, 0), (room.UsedBytes, room.UsedBy(Caller)));
        Assert.True(room.TryTake(Caller, 40));
    }

    [Fact]
    public void The_largest_body_fits_whatever_the_room_was_set_to()
    {
        var room = new BodyRoom(
            new BodyOptions
            {
                MaxBodyBytes = 1_000,
                BodyRoomPerKeyBytes = 10,
                BodyRoomBytes = 10,
            }
        );
        Assert.True(room.TryTake(Caller, 1_000));
    }

    [Fact]
    public async Task Callers_at_once_never_take_more_than_there_is()
    {
        var room = NewRoom();
        var most = 0L;
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 2_000; i++)
                        {
                            if (room.TryTake($"key-{number}", 9))
                            {
                                InterlockedMax(ref most, room.UsedBytes);
                                room.GiveBack($"key-{number}", 9);
                            }
                        }
                    })
                )
        );
        Assert.InRange(most, 9, 100);
        Assert.Equal(0, room.UsedBytes);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
