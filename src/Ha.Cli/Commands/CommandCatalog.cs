using Ha.Cli.Output;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>All commands with their arguments and options.</summary>
internal static class CommandCatalog
{
    private static readonly PropertySchema Sid = new("sid") { Format = ValueFormat.ResourceOrGuestId, Description = "A resource's id, or a guest's plain number." };

    private static readonly PropertySchema Node = new("node") { Format = ValueFormat.NodeName, Description = "A node of the cluster." };

    private static readonly OptionSpec[] Common = [.. ResourceType.CommonProperties.Select(p => new OptionSpec(p))];

    private static readonly OptionSpec[] AgentOptions =
    [
        .. ResourceTypes.All.Types.SelectMany(t => t.AgentProperties, (t, p) =>
            new OptionSpec(p with { Description = $"{p.Description} Only for {t.Type}." }, IsExact: true)).DistinctBy(o => o.Name),
    ];

    private static readonly OptionSpec Type = new(new("type") { Words = [.. ResourceTypes.All.Types.Select(t => t.Type)], Description = "The kind of resource." });

    private static readonly OptionSpec[] ChangeOptions =
    [
        new(new("delete") { IsList = true, Format = ValueFormat.ConfigId, MaxLength = 4096, Description = "Properties to remove, so that their defaults count." }),
        new(new("digest") { MaxLength = 64, Description = "Refuse if the configuration is not the one of this digest." }),
    ];

    private static readonly OptionSpec[] RuleFilters =
    [
        new(RuleParameters.Type with { Description = "Only rules of this type." }),
        new(new("resource") { Format = ValueFormat.ResourceId, Description = "Only rules about this resource." }),
    ];

    private static readonly PropertySchema Group = new("group") { Format = ValueFormat.ConfigId, Description = "A legacy group's id; two characters or more." };

    private static readonly OptionSpec[] GroupOptions =
    [
        .. DocumentSchemas.Groups.Types[0].Properties.Select(p => new OptionSpec(p with
        {
            Description = p.Name switch
            {
                "nodes" => "The nodes, each with ':PRIORITY' if not 0; higher is preferred.",
                "restricted" => "Whether other nodes are forbidden; default 0.",
                "nofailback" => "Whether services stay where they are when a better node returns; default 0.",
                _ => p.Description,
            },
        })),
    ];

    /// <summary>Options that every command takes.</summary>
    public static IReadOnlyList<OptionSpec> GlobalOptions { get; } =
    [
        new(new("store") { Description = "The store's connection string, such as sqlite:///var/lib/ha/store.db." }, IsExact: true),
        new(new("config") { Description = "The configuration file; /etc/ha/ha.json if it exists." }, IsExact: true),
    ];

    /// <summary>Words that stand for commands.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["migrate"] = "crm-command migrate",
        ["relocate"] = "crm-command relocate",
    };

    /// <summary>All commands, in the order of the usage.</summary>
    public static IReadOnlyList<CommandSpec> Commands { get; } =
    [
        new("crm-command node-maintenance disable", "Withdraws the request for maintenance of a node.", QueueCommands.Maintenance("disable")) { Arguments = [Node] },
        new("crm-command node-maintenance enable", "Requests maintenance: services leave the node.", QueueCommands.Maintenance("enable")) { Arguments = [Node] },
        new("crm-command migrate", "Moves a resource to a node, running if its kind can.", QueueCommands.Move("migrate")) { Arguments = [Sid, Node] },
        new("crm-command relocate", "Stops a resource and starts it on a node.", QueueCommands.Move("relocate")) { Arguments = [Sid, Node] },
        new("crm-command arm-ha", "Arms the stack again.", QueueCommands.ArmAsync),
        new("crm-command disarm-ha", "Releases all watchdogs; resources are frozen or ignored meanwhile.", QueueCommands.DisarmAsync)
        {
            Arguments = [new("resource-mode") { Words = ["freeze", "ignore"], Description = "What happens to resources." }],
        },
        new("crm-command stop", "Stops a resource.", QueueCommands.StopAsync)
        {
            Arguments = [Sid, new("timeout", PropertyKind.Whole) { Minimum = 0, Description = "Seconds it may take; 0: at once." }],
        },
        new("rules add", "Adds a placement rule.", RuleCommands.AddAsync)
        {
            Arguments = [RuleParameters.Type, RuleParameters.Rule],
            Options = RuleParameters.Options,
            Check = RuleParameters.CheckNew,
        },
        new("rules config", "Lists the placement rules, and which of them are followed.", RuleCommands.ConfigAsync)
        {
            Options = RuleFilters,
            FormatOptions = Listing.Options,
        },
        new("rules list", "Lists the placement rules' ids.", RuleCommands.ListAsync) { Options = RuleFilters, FormatOptions = Listing.Options },
        new("rules remove", "Removes a placement rule.", RuleCommands.RemoveAsync) { Arguments = [RuleParameters.Rule] },
        new("rules set", "Changes a placement rule.", RuleCommands.SetAsync)
        {
            Arguments = [RuleParameters.Type, RuleParameters.Rule],
            Options = [.. RuleParameters.Options, .. ChangeOptions],
            Check = RuleParameters.CheckChange,
        },
        new("groupadd", "Adds a legacy group.", GroupCommands.AddAsync)
        {
            Arguments = [Group],
            Options =
            [
                .. GroupOptions.Select(o => o with { IsRequired = o.Value.IsRequired }),
                new(new("type") { Words = ["group"], Description = "Accepted; there is one kind of group." }),
            ],
        },
        new("groupconfig", "Lists the legacy groups.", GroupCommands.ConfigAsync),
        new("groupremove", "Removes a legacy group.", GroupCommands.RemoveAsync) { Arguments = [Group] },
        new("groupset", "Changes a legacy group.", GroupCommands.SetAsync) { Arguments = [Group], Options = [.. GroupOptions, .. ChangeOptions] },
        new("add", "Puts a resource under the stack's control.", AddCommand.RunAsync)
        {
            Arguments = [Sid],
            Options =
            [
                .. Common, Type, .. AgentOptions,
                new(Node with { Description = "Where the resource lives; where it was last, or this node, if not given." }, IsExact: true),
            ],
        },
        new("config", "Lists what is configured.", ConfigCommand.RunAsync) { Options = [Type] },
        new("remove", "Takes a resource out of the stack's control; it is neither started nor stopped.", RemoveCommand.RunAsync)
        {
            Arguments = [Sid],
            Options = [new(new("purge", PropertyKind.Boolean) { Description = "Remove it from all rules; default 1." })],
        },
        new("set", "Changes what is wanted of a resource, or another property.", SetCommand.RunAsync)
        {
            Arguments = [Sid],
            Options =
            [
                .. Common, .. AgentOptions, .. ChangeOptions,
            ],
        },
        new("status", "Shows the cluster, its nodes and services.", StatusCommand.RunAsync)
        {
            Options =
            [
                new(new("verbose", PropertyKind.Boolean) { Description = "Show the stored documents too; default 0." }),
                new(new("output-format") { Words = ["text", "json", "json-pretty", "yaml"], Description = "How to show it; default text." }),
            ],
        },
        new("help", "Shows how to use the commands.", (_, _, _) => Task.FromResult(0))
        {
            TakesRest = true,
            IsOffline = true,
            Options = [new(new("verbose", PropertyKind.Boolean) { Description = "The whole help; default 1." })],
        },
    ];

    /// <summary>Refuses properties that a kind of resource does not have.</summary>
    /// <exception cref="CliException">There is one.</exception>
    public static void RefuseForeign(Invocation invocation, IEnumerable<string> keys, ResourceType type)
    {
        var foreign = keys.Where(key => !type.Section.ByName.ContainsKey(key)).ToList();
        if (foreign.Count > 0)
            throw invocation.Refuse(foreign.Select(key => (key, "property is not defined in schema and the schema does not allow additional properties")));
    }
}
