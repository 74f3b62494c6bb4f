/**
 * Workers on other hosts, started over ssh.
 *
 * <p>The path of one launch: {@code HostsFile} reads which hosts there are, a {@code WorkerHost} each. {@code HostPreparation} asks each
 * by {@code Ssh} whether it has the {@code Distribution}, and sends it as a {@code TarStream} where it has not. {@code HostWorkers} then starts a
 * worker on each: {@code HostScripts} has the text that the host's shell runs, to which a certificate of {@code HostCertificates} goes
 * through the pipe. The pipe is what ties a worker to its launch: both end together.
 */
@NullMarked
package io.ketju.deploy.hosts;

import org.jspecify.annotations.NullMarked;
