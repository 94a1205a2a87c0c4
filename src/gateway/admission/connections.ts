import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientsShare, turnedAwayShare } from '../../hub/descriptorLimit.ts';
import {
  mostConnections,
  mostIdleStrangers,
  mostNewConnections,
  mostPipelinedByStrangers,
  mostTurnedAway,
} from '../../limits/bounds.ts';
import type { Descriptors } from '../descriptors.ts';
import { refuseConnection, tooManyConnections } from '../errors.ts';
import type { GatewayTimers } from '../options.ts';
import { Connection, type ConnectionListener } from './connection.ts';

/** Time for a new connection to send its first request. */
const graceMs = 250;
/** Connections below the most at which idle ones with the key are closed, too. */
const spare = 16;

/** The open connections of a gateway. Those that never showed the key have few places while they are idle. */
export class Connections implements ConnectionListener {
  readonly #timers: GatewayTimers;
  readonly #descriptors: Descriptors;
  // node:http's own bound closes connections without an answer
  readonly #most = Math.min(mostConnections, clientsShare ?? mostConnections);
  readonly #mostTurnedAway = Math.min(mostTurnedAway, turnedAwayShare ?? mostTurnedAway);
  readonly #mostIdle = Math.min(mostIdleStrangers, Math.ceil(this.#most / 4));
  readonly #all = new Map<Socket, Connection>();
  /** Without the key; the one that is idle for longest first. */
  readonly #idleStrangers = new Set<Connection>();
  /** Requests of strangers that wait for earlier ones of their connection. */
  #waitingOfStrangers = 0;
  /** Counts up with each look at the idle ones. */
  #round = 0;
  #needsRoom = false;
  #timer: object | number | undefined;

  constructor(timers: GatewayTimers, descriptors: Descriptors) {
    this.#timers = timers;
    this.#descriptors = descriptors;
  }

  /** Counts the connections of a server, together with those of all others. */
  watch(server: Server): void {
    server.on('connection', socket => this.#opened(socket));
  }

  /** Undefined once it is closed. */
  of(socket: Socket): Connection | undefined {
    return this.#all.get(socket);
  }

  closeUnused(): void {
    for (const connection of this.#all.values()) if (connection.isIdle) connection.socket.destroySoon();
  }

  /** Closes idle connections soon, also with the key: their descriptors are needed. */
  makeRoom(): void {
    this.#needsRoom = true;
    this.#look();
  }

  checkProgress(tick: number): void {
    for (const connection of this.#all.values()) connection.checkReading(tick);
  }

  becameIdle(connection: Connection): void {
    connection.idleSince = this.#round;
    if (connection.isKeyed || !this.#all.has(connection.socket)) return;
    this.#idleStrangers.add(connection);
    if (this.#idleStrangers.size > mostNewConnections) this.#closeOldest();
    if (this.#idleStrangers.size > this.#mostIdle) this.#look();
  }

  becameBusy(connection: Connection): void {
    this.#idleStrangers.delete(connection);
  }

  mayWait(connection: Connection): boolean {
    return connection.isKeyed || this.#waitingOfStrangers < mostPipelinedByStrangers;
  }

  waits(requests: number): void {
    this.#waitingOfStrangers += requests;
  }

  #opened(socket: Socket): void {
    const isBeyond = this.#all.size >= this.#most;
    if (isBeyond) {
      this.#descriptors.log(`${this.#most} connections are open, the most it takes. Further ones get a 503`);
    }
    if (this.#all.size >= this.#most + this.#mostTurnedAway) {
      this.makeRoom();
      refuseConnection(socket, tooManyConnections);
      return;
    }
    const connection = new Connection(socket, this, isBeyond);
    this.#all.set(socket, connection);
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#idleStrangers.delete(connection);
      connection.closed();
    });
    this.becameIdle(connection);
    if (this.#all.size + spare > this.#most) this.makeRoom();
  }

  #closeOldest(): void {
    const [oldest] = this.#idleStrangers;
    if (!oldest) return;
    this.#idleStrangers.delete(oldest);
    oldest.socket.destroy();
  }

  #look(): void {
    this.#timer ??= this.#timers.setTimeout(() => {
      this.#timer = undefined;
      this.#closeIdle();
    }, graceMs);
  }

  #closeIdle(): void {
    for (const { idleSince } of this.#idleStrangers) {
      if (this.#idleStrangers.size <= this.#mostIdle || idleSince >= this.#round) break;
      this.#closeOldest();
    }
    if (this.#needsRoom) this.#closeAllIdle();
    this.#round += 1;
    if (this.#needsRoom || this.#idleStrangers.size > this.#mostIdle) this.#look();
  }

  /** With the next look, if none is old enough now. */
  #closeAllIdle(): void {
    let isYoung = false;
    let closed = 0;
    for (const { isIdle, idleSince, socket } of this.#all.values()) {
      if (!isIdle || socket.destroyed) continue;
      if (idleSince >= this.#round) isYoung = true;
      else {
        socket.destroy();
        closed += 1;
      }
    }
    this.#needsRoom = closed === 0 && isYoung;
  }
}
