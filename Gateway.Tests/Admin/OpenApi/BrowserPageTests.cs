using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.OpenApi;

/// <summary>Section 2.17, documents: the pages in a real browser, under the security policy that they are sent with.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class BrowserPageTests(AdminHubs hubs, Chromium browser) : IClassFixture<Chromium>
{
    private const string Operation = "document.querySelector('.opblock')";

    [Fact]
    public async Task Swagger_ui_shows_the_operations_of_the_document()
    {
        await using var page = await OpenAsync("/docs");
        await page.UntilAsync("document.querySelectorAll('.opblock-tag').length > 10");
        await page.EvaluateAsync("document.querySelector('[data-tag=\"tiers\"]').click()");
        await page.UntilAsync("document.querySelector('.opblock-get [data-path=\"/api/v1/tiers\"]')");
        await AssertCleanAsync(page);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/redoc")]
    public async Task A_page_begins_with_the_way_to_the_first_call(string path)
    {
        await using var page = await OpenAsync(path);
        await page.UntilAsync(
            "['Get a token', 'Make a key', 'Make the first call']"
                + ".every(t => [...document.querySelectorAll('h2')].some(h => h.innerText.includes(t)))"
        );
        await AssertCleanAsync(page);
    }

    [Fact]
    public async Task Swagger_ui_tries_an_operation_out()
    {
        await using var page = await OpenAsync("/docs#/tiers/getTiers");
        await page.UntilAsync($"{Operation}?.querySelector('.try-out__btn')");
        await page.EvaluateAsync($"{Operation}.querySelector('.try-out__btn').click()");
        await page.UntilAsync($"{Operation}.querySelector('.execute')");
        await page.EvaluateAsync($"{Operation}.querySelector('.execute').click()");
        await page.UntilAsync(
            $"{Operation}.querySelector('.live-responses-table .response .response-col_status')?.innerText.trim() == '200'"
        );
        await page.UntilAsync(
            $"{Operation}.querySelector('.live-responses-table .response .response-col_description').innerText.includes('\"data\"')"
        );
        Assert.Contains(page.Requests, r => r.AbsolutePath == "/api/v1/tiers");
        await AssertCleanAsync(page);
    }

    [Fact]
    public async Task Redoc_shows_the_operations_of_the_document()
    {
        await using var page = await OpenAsync("/redoc");
        await page.UntilAsync("document.getElementById('tag/tiers/operation/getTiers')?.innerText.includes('/api/v1/tiers')");
        await page.UntilAsync("!document.querySelector('img[alt=\"redocly logo\"]')");
        await AssertCleanAsync(page);
    }

    [Fact]
    public async Task Redoc_finds_an_operation_by_its_search()
    {
        await using var page = await OpenAsync("/redoc");
        await page.UntilAsync("document.querySelector('input.search-input')");
        // React does not notice a value that is only set.
        await page.EvaluateAsync(
            """
            (input => {
                Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, 'exchange');
                input.dispatchEvent(new Event('input', { bubbles: true }));
            })(document.querySelector('input.search-input'))
            """
        );
        await page.UntilAsync("document.querySelector('[data-role=\"search:results\"] li')");
        await AssertCleanAsync(page);
    }

    private async Task<BrowserPage> OpenAsync(string path)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        return await browser.OpenAsync(new Uri(hub.Host.Address, path));
    }

    private static async Task AssertCleanAsync(BrowserPage page)
    {
        await page.EvaluateAsync("new Promise(done => requestIdleCallback(done))"); // what was drawn last has asked for its pictures
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, r => Assert.True(r.IsLoopback, r.AbsoluteUri));
    }
}
