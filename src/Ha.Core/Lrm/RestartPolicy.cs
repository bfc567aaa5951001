using Ha.Core.Model;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Lrm;

/// <summary>Repeats failed starts on this node before the manager hears of them.</summary>
/// <param name="log">The log.</param>
internal sealed class RestartPolicy(ILogger log)
{
    private readonly Dictionary<ResourceId, int> _failures = [];

    /// <summary>Forgets services that are no longer managed.</summary>
    public void KeepOnly(ManagerStatus status)
    {
        foreach (var id in _failures.Keys.Where(i => !status.Services.ContainsKey(i)).ToList())
            _failures.Remove(id);
    }

    /// <summary>The code to report for a job; <see cref="ExitCode.TryAgain"/>: nothing, the order is carried out again.</summary>
    /// <param name="job">The job.</param>
    /// <param name="code">How it ended.</param>
    /// <param name="maxRestart">How many failed starts are repeated.</param>
    public ExitCode Judge(Job job, ExitCode code, int maxRestart)
    {
        if (job.Command != ServiceState.Started)
            return code;
        if (code == ExitCode.Success)
            _failures[job.Service] = 0;
        if (code != ExitCode.Error)
            return code;
        var failures = _failures.GetValueOrDefault(job.Service);
        if (failures >= maxRestart)
        {
            log.Write(LrmLog.RetriesExhausted(job.Service, failures));
            _failures[job.Service] = 0;
            return code;
        }

        _failures[job.Service] = failures + 1;
        log.Write(LrmLog.Retry(job.Service, failures + 1));
        return ExitCode.TryAgain;
    }
}
