namespace Ha.Core.Scheduling;

/// <summary>What is used, and what there is, on one node.</summary>
/// <param name="Cpu">Cores used or promised; may exceed what there is.</param>
/// <param name="MaxCpu">Cores; more than 0.</param>
/// <param name="Memory">Bytes used or promised; may exceed what there is.</param>
/// <param name="MaxMemory">Bytes; more than 0.</param>
public readonly record struct NodeLoad(double Cpu, double MaxCpu, ulong Memory, ulong MaxMemory)
{
    /// <summary>The used share of the cores.</summary>
    public double CpuShare => Cpu / MaxCpu;

    /// <summary>The used share of the memory.</summary>
    public double MemoryShare => Memory / (double)MaxMemory;

    /// <summary>The load that is balanced: the mean of both shares.</summary>
    public double Load => (CpuShare + MemoryShare) / 2;

    /// <summary>With a service placed here, at its full size.</summary>
    /// <param name="service">The service; one sized for 0 cores counts with all of the node's.</param>
    public NodeLoad WithPlaced(ServiceLoad service) =>
        this with { Cpu = Cpu + (service.MaxCpu == 0 ? MaxCpu : service.MaxCpu), Memory = Memory + service.MaxMemory };

    /// <summary>With what a running service uses moved here.</summary>
    public NodeLoad With(double cpu, ulong memory) => this with { Cpu = Cpu + cpu, Memory = Memory + memory };

    /// <summary>With what a running service uses moved away; never below zero.</summary>
    public NodeLoad Without(double cpu, ulong memory) => this with { Cpu = Math.Max(0, Cpu - cpu), Memory = Memory > memory ? Memory - memory : 0 };
}

/// <summary>What one service uses and is sized for.</summary>
/// <param name="Cpu">Cores in use.</param>
/// <param name="Memory">Bytes in use.</param>
/// <param name="MaxCpu">Cores it may use; 0: as many as its node has.</param>
/// <param name="MaxMemory">Bytes it may use.</param>
public readonly record struct ServiceLoad(double Cpu, ulong Memory, double MaxCpu, ulong MaxMemory);
