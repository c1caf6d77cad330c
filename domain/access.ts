/** How one may see an environment's impressions: as they are, or with keys, bucketing keys, IPs and properties masked. */
export type Clarity = 'full' | 'masked'
/** What somebody may see: environments by id. One that is absent does not exist for them. */
export type Sight = ReadonlyMap<string, Clarity>
