using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Profiles;

/// <summary>What users tell of themselves.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class ProfileTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_profile_is_made_empty_at_the_first_read(TestDatabase database)
    {
        var person = await (await hubs.OnAsync(database)).NewPersonAsync();

        var profile = await person.Client.ReadAsync("/profile/");

        profile.Is(200);
        profile.Body.HasExactly(
            "id",
            "user_id",
            "values",
            "beliefs",
            "interests",
            "skills",
            "desires",
            "intentions",
            "likes",
            "dislikes",
            "loves",
            "hates",
            "created_at",
            "updated_at"
        );
        Assert.Equal((person.Id, 0), (profile.Body.Text("user_id"), profile.Body.At("interests").GetArrayLength()));
        Assert.Equal(profile.Body.Text("id"), (await person.Client.ReadAsync("/profile")).Body.Text("id"));
    }

    [Theory, BothDatabases]
    public async Task Lists_that_are_sent_replace_and_the_others_stay(TestDatabase database)
    {
        var person = await (await hubs.OnAsync(database)).NewPersonAsync();
        (await person.Client.SendAsync("PUT", "/profile", new { likes = new[] { "tea" }, skills = new[] { "chess" } })).Is(200);

        var changed = await person.Client.SendAsync("PUT", "/profile", new { likes = Array.Empty<string>(), skills = (object?)null });

        Assert.Equal((0, "chess"), (changed.Body.At("likes").GetArrayLength(), changed.Body.Text("skills.0")));
    }

    [Fact]
    public async Task Items_are_trimmed_named_once_and_may_be_objects_with_a_name()
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();

        var changed = await person.Client.SendAsync(
            "PUT",
            "/profile",
            new { interests = new object[] { " AI ", "ai", new { name = "Go" } } }
        );

        Assert.Equal(["AI", "Go"], changed.Body.At("interests").EnumerateArray().Select(i => i.GetString()!));
    }

    [Theory]
    [InlineData("""{"likes":[""]}""")]
    [InlineData("""{"likes":[1]}""")]
    [InlineData("""{"likes":"tea"}""")]
    public async Task Items_that_are_no_texts_are_refused(string body)
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();
        (await person.Client.SendAsync("PUT", "/profile", body)).IsError(400, "validation_failed");
    }

    [Fact]
    public async Task Lists_that_are_too_long_are_refused()
    {
        var person = await (await hubs.OnAsync(TestDatabase.Sqlite)).NewPersonAsync();
        var many = Enumerable.Range(0, 31).Select(i => $"i{i}");
        (await person.Client.SendAsync("PUT", "/profile", new { intentions = many })).IsError(400, "validation_failed");
        (await person.Client.SendAsync("PUT", "/profile", new { likes = many })).Is(200);
        (await person.Client.SendAsync("PUT", "/profile", new { likes = new[] { new string('x', 201) } })).IsError(
            400,
            "validation_failed"
        );
        (await person.Client.SendAsync("PUT", "/profile", new { nothing = 1 })).IsError(400, "nothing_to_update");
    }
}
