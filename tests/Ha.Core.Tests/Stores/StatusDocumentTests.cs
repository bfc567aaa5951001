using System.Text;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class StatusDocumentTests
{
    private const string Full =
        """{"disarm":{"mode":"freeze","state":"disarming"},"master_node":"node1","node_request":{"node2":{},"node3":{"maintenance":1}},"node_status":{"node1":"online","node3":"maintenance"},"service_status":{"fa:1":{"cmd":["stop","0"],"failed_nodes":["node2","node2"],"maintenance_node":"node3","node":"node1","running":1,"state":"started","uid":"u","x":{"y":[1]}},"vm:1":{"node":"node3","state":"migrate","target":"node1","timeout":"37"}},"timestamp":140}""";

    [Fact]
    public void A_full_status_is_written_as_it_was_read_unknown_keys_included() =>
        Assert.Equal(Full, Encoding.UTF8.GetString(ManagerStatusDocument.Write(ManagerStatusDocument.Parse(Encoding.UTF8.GetBytes(Full)))));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_text_is_the_empty_status(string text) =>
        Assert.Same(ManagerStatus.Empty, ManagerStatusDocument.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{", "manager status is not JSON: line 1")]
    [InlineData("[]", "manager status is not an object: []")]
    [InlineData("""{"service_status":{"vm:1":{"state":"dancing"}}}""", "manager status is damaged: service_status.vm:1.state: unknown service state 'dancing'")]
    [InlineData("""{"service_status":{"vm":{"state":"started"}}}""", "manager status is damaged: unable to parse service id 'vm'")]
    [InlineData("""{"node_status":{"a":"here"}}""", "manager status is damaged: node_status.a: unknown node state 'here'")]
    public void A_damaged_status_says_where(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<DocumentException>(() => ManagerStatusDocument.Parse(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_lrm_status_without_mode_is_active_and_a_missing_document_is_unknown()
    {
        Assert.Equal(LrmMode.Active, LrmStatusDocument.Parse("{}"u8.ToArray()).Mode);
        Assert.Equal(LrmMode.Unknown, LrmStatus.Missing.Mode);
        Assert.Empty(LrmStatus.Missing.Results);
    }

    [Fact]
    public void An_lrm_status_is_written_as_it_was_read()
    {
        const string text = """{"mode":"restart","results":{"u":{"exit_code":-1,"sid":"vm:1","state":"started"}},"state":"active","timestamp":7}""";
        Assert.Equal(text, Encoding.UTF8.GetString(LrmStatusDocument.Write(LrmStatusDocument.Parse(Encoding.UTF8.GetBytes(text)))));
    }
}
