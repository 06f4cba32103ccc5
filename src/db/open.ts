import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import { connectDatabase, type ConnectOptions } from './connect.ts'

/** A database or a transaction: every query function takes one of these first. */
export type Db = PostgresJsDatabase
export type Sql = postgres.Sql

/** Either the address of the user's server or that of the embedded one. */
export type Connection =
  | { url: string }
  | { host: string; port: number; user: string; password: string; database: string }

/** A pool as `connectDatabase` opens it, for Drizzle too. */
export const openDatabase = (connection: Connection, options: ConnectOptions = {}) => {
  const { sql, close } = connectDatabase(connection, options)
  return { db: drizzle(sql), sql, close }
}
