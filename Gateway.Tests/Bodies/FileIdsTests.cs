using System.Text;
using Gateway.Bodies;

namespace Gateway.Tests.Bodies;

/// <summary>Files are found wherever a body names them.</summary>
public sealed class FileIdsTests
{
    [Theory]
    [InlineData("""{"input":[{"content":[{"type":"input_file","file_id":"a"}]}]}""", "a")]
    [InlineData("""{"messages":[{"content":[{"type":"file","file":{"file\u005fid":"a"}},{"file":{"file_id":"b"}}]}]}""", "a,b")]
    [InlineData("""{"tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["a","b"]}}],"file_id":"c"}""", "a,b,c")]
    [InlineData("""{"file_id":null,"file_ids":{"a":1},"file_data":"a","text":"file_id"}""", "")]
    [InlineData("[]", "")]
    public void Each_id_is_found_once(string body, string ids)
    {
        var found = new HashSet<string>();
        FileIds.Find(Encoding.UTF8.GetBytes(body), 64, found);
        Assert.Equal(ids, string.Join(',', found.Order(StringComparer.Ordinal)));
    }
}
