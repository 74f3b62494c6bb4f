package io.ketju.deploy.hosts;

import io.ketju.deploy.launch.LogFile;
import io.ketju.deploy.launch.ParentWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a worker of one launch is started on a host.
 *
 * @param arguments of each one's command line, beside those that differ
 * @param javaOptions flags of each JVM, beside the launcher's
 */
record HostLaunch(
        Ssh ssh, Distribution distribution, HostCertificates certificates, List<String> arguments, String javaOptions) {
    HostLaunch {
        arguments = List.copyOf(arguments);
    }

    /**
     * The process that stands for it here.
     *
     * @param silence after how long without a word from here it is to end
     */
    ProcessBuilder command(WorkerHost host, Duration silence) {
        List<String> all = new ArrayList<>(List.of(
                distribution.hash(),
                distribution.launcher(),
                javaOptions + " -D" + LogFile.TO_STANDARD_ERROR + "=true -D" + ParentWatch.SILENCE + "="
                        + silence.toSeconds(),
                "--host",
                host.address(),
                ParentWatch.OPTION));
        host.threads().ifPresent(threads -> all.addAll(List.of("--threads", Integer.toString(threads))));
        all.addAll(arguments);
        return ssh.command(host, HostScripts.RUN, all);
    }

    /** What it reads of who it is, ends of lines included. */
    String identity(WorkerHost host) {
        return String.join("\n", certificates.lines().get(host.address())) + "\n";
    }
}
