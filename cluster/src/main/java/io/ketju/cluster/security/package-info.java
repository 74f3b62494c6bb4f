/**
 * Who may speak on the control port of a node, and who may command its worker.
 *
 * <p>The path of one connection: Pekko asks {@link io.ketju.cluster.security.ControlTls} for an engine. The node's {@link io.ketju.cluster.security.Identity} makes it: TLS with
 * certificates, or within one machine {@code SecretEngine}, which lets in who knows the secret of this user. An engine of
 * a connection that somebody opened to this node is watched by {@code GuardedEngine}: a handshake that fails is logged, and lengths of
 * frames are checked before Pekko reads them; one that does not begin ends by {@code UnprovedConnections}, and so does the oldest of a crowd; {@code Origin} says where it came from. The path of one command: {@link io.ketju.cluster.security.CommandGate} stands before the worker
 * and lets stages be placed for a coordinator that is a member of the cluster in that role. The path of one question for the status:
 * {@link io.ketju.cluster.security.StatusConnection} connects for that {@code ConnectionPurpose}, and the {@code GuardedEngine} there
 * answers in place of Pekko.
 * {@link io.ketju.cluster.security.ControlGreeting} only asks whether a node is there.
 */
@NullMarked
package io.ketju.cluster.security;

import org.jspecify.annotations.NullMarked;
