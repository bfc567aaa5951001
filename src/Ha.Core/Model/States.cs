namespace Ha.Core.Model;

/// <summary>What the manager believes about a node.</summary>
public enum NodeState
{
    /// <summary>Not in the quorate partition, possibly still running. Also the answer for a node nobody has seen.</summary>
    Unknown,

    /// <summary>Member of the quorate partition and ready for services.</summary>
    Online,

    /// <summary>Its LRM reports maintenance: services are moved away.</summary>
    Maintenance,

    /// <summary>Being fenced; only fencing leaves this state.</summary>
    Fence,

    /// <summary>No longer a cluster member.</summary>
    Gone,
}

/// <summary>The state of a service in the manager status; what the LRM of its node is asked to bring about.</summary>
public enum ServiceState
{
    /// <summary>Stopped, and kept so.</summary>
    Stopped,

    /// <summary>To be stopped.</summary>
    RequestStop,

    /// <summary>To be started; the manager may still choose another node.</summary>
    RequestStart,

    /// <summary>To be moved to its target before its first start.</summary>
    RequestStartBalance,

    /// <summary>To be running.</summary>
    Started,

    /// <summary>Its node is being fenced.</summary>
    Fence,

    /// <summary>Its node is fenced; waits for a new home.</summary>
    Recovery,

    /// <summary>To be moved to its target while running.</summary>
    Migrate,

    /// <summary>To be stopped, moved to its target, and started there.</summary>
    Relocate,

    /// <summary>Hands off, until its node's LRM is active again.</summary>
    Freeze,

    /// <summary>Needs an administrator.</summary>
    Error,
}

/// <summary>What an administrator wants of a resource.</summary>
public enum WantedState
{
    /// <summary>Keep it running; recover it when its node fails.</summary>
    Started,

    /// <summary>Keep it stopped, but recover it when its node fails.</summary>
    Stopped,

    /// <summary>Keep it stopped and do not recover it; the only way out of the error state.</summary>
    Disabled,

    /// <summary>Not managed at all.</summary>
    Ignored,
}

/// <summary>What an LRM announces that it is up to.</summary>
public enum LrmMode
{
    /// <summary>Working normally.</summary>
    Active,

    /// <summary>Being emptied.</summary>
    Maintenance,

    /// <summary>The stack is disarming or disarmed.</summary>
    Disarm,

    /// <summary>The daemon or its node restarts: services are frozen, not recovered.</summary>
    Restart,

    /// <summary>The node shuts down: services are recovered elsewhere.</summary>
    Shutdown,

    /// <summary>No LRM of that node has ever written its status.</summary>
    Unknown,
}

/// <summary>The state of an LRM daemon.</summary>
public enum LrmState
{
    /// <summary>Idle: no lock, no watchdog, no work.</summary>
    WaitForAgentLock,

    /// <summary>Lock held, watchdog armed, working.</summary>
    Active,

    /// <summary>Being emptied or empty; lock and watchdog only while something is left.</summary>
    Maintenance,

    /// <summary>Had the lock and lost it, or is to be fenced: the watchdog is armed and deliberately not fed.</summary>
    LostAgentLock,
}

/// <summary>The state of a CRM daemon.</summary>
public enum CrmState
{
    /// <summary>No quorum, unhealthy, or nothing to do.</summary>
    WaitForQuorum,

    /// <summary>Quorate; another node is master.</summary>
    Slave,

    /// <summary>Holds the manager lock and runs the manager.</summary>
    Master,

    /// <summary>Just failed to renew the manager lock.</summary>
    LostManagerLock,
}

/// <summary>The words of the states as documents and logs spell them.</summary>
public static class StateWords
{
    private static readonly string[] NodeWords = ["unknown", "online", "maintenance", "fence", "gone"];

    private static readonly string[] ServiceWords =
    [
        "stopped", "request_stop", "request_start", "request_start_balance", "started", "fence", "recovery", "migrate", "relocate", "freeze", "error",
    ];

    private static readonly string[] WantedWords = ["started", "stopped", "disabled", "ignored"];
    private static readonly string[] ModeWords = ["active", "maintenance", "disarm", "restart", "shutdown", "unknown"];
    private static readonly string[] LrmWords = ["wait_for_agent_lock", "active", "maintenance", "lost_agent_lock"];
    private static readonly string[] CrmWords = ["wait_for_quorum", "slave", "master", "lost_manager_lock"];

    /// <summary>The state's word.</summary>
    public static string Word(this NodeState state) => NodeWords[(int)state];

    /// <summary>The state's word.</summary>
    public static string Word(this ServiceState state) => ServiceWords[(int)state];

    /// <summary>The state's word.</summary>
    public static string Word(this WantedState state) => WantedWords[(int)state];

    /// <summary>The mode's word.</summary>
    public static string Word(this LrmMode mode) => ModeWords[(int)mode];

    /// <summary>The state's word.</summary>
    public static string Word(this LrmState state) => LrmWords[(int)state];

    /// <summary>The state's word.</summary>
    public static string Word(this CrmState state) => CrmWords[(int)state];

    /// <summary>The node state a word names, or null.</summary>
    public static NodeState? ParseNodeState(string? word) => (NodeState?)Find(NodeWords, word);

    /// <summary>The service state a word names, or null.</summary>
    public static ServiceState? ParseServiceState(string? word) => (ServiceState?)Find(ServiceWords, word);

    /// <summary>The wanted state a word names, or null. <c>enabled</c> is an alias of <c>started</c>.</summary>
    public static WantedState? ParseWantedState(string? word) => word == "enabled" ? WantedState.Started : (WantedState?)Find(WantedWords, word);

    /// <summary>The mode a word names, or null.</summary>
    public static LrmMode? ParseLrmMode(string? word) => (LrmMode?)Find(ModeWords, word);

    /// <summary>The LRM state a word names, or null.</summary>
    public static LrmState? ParseLrmState(string? word) => (LrmState?)Find(LrmWords, word);

    private static int? Find(string[] words, string? word)
    {
        var index = word is null ? -1 : Array.IndexOf(words, word);
        return index < 0 ? null : index;
    }
}
