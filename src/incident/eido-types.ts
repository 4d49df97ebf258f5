/**
 * The part of an Emergency Incident Data Object (NENA-STA-021.1b) that we write, in types of our own. `$ref` is data: it names the
 * `$id` of a component of the same document.
 */
export interface Reference {
  readonly $ref: string;
}

/** What every component begins with. `$id` stays the same through all later documents. */
export interface Component {
  readonly $id: string;
  readonly lastUpdateTimeStamp: string;
  readonly updatedByAgencyReference: Reference;
}

export interface EidoAgency extends Component {
  readonly agencyRoleDescriptionRegistryText: readonly string[];
  readonly agencyType: readonly string[];
  readonly incidentOwningAgencyIndicator: boolean;
  /** A jCard (RFC 7095) as text. */
  readonly agencyJcard: string;
}

export interface EidoCallTaker extends Component {
  readonly agentRoleRegistryText: readonly string[];
  readonly agencyReference: Reference;
}

export interface EidoCall extends Component {
  readonly callStateRegistryText: 'callBegin' | 'callAlerting' | 'callAnswered' | 'callEnd';
  readonly standardPrimaryCallType: 'emergency';
  readonly direction: 'incoming';
  readonly callStartTimestamp: string;
  readonly answerDate?: string;
  readonly localCallType: string;
  readonly callBackReference?: Reference;
  readonly agentReference?: readonly Reference[];
  readonly personReference: readonly Reference[];
  readonly notesReference: readonly Reference[];
}

export interface EidoCallback extends Component {
  readonly callBackInformationUri: readonly string[];
}

export interface EidoPerson extends Component {
  readonly personIncidentRoleRegistryText: readonly string[];
  readonly callIdentifier?: readonly string[];
  readonly callBackReference?: Reference;
  readonly ncPersonComponent?: Readonly<Record<string, unknown>>;
}

export interface EidoLocation extends Component {
  readonly locationTypeDescriptionRegistryText: string;
  readonly locationByValue: string;
  readonly locationDescriptionText: string;
}

export interface EidoNotes extends Component {
  /** HTML5. */
  readonly notesActionComments: string;
  readonly agentReference?: Reference;
}

export interface EidoLink extends Component {
  readonly incidentTrackingIdentifier: string;
  readonly linkDirectionCode: 'RELATED';
  readonly transactionReasonText: string;
}

export interface EidoDisposition extends Component {
  readonly dispositionCommonRegistryCode: string;
  readonly dispositionDescriptionText: string;
  readonly dispositionPrimaryIndicator: boolean;
}

export interface EidoIncident extends Component {
  readonly incidentTypeCommonRegistryText: string;
  readonly incidentTypeInternalCode: string;
  readonly incidentTypeInternalText: string;
  readonly incidentCommonPriorityNumber?: number;
  readonly incidentPriorityInternalText?: string;
  readonly incidentStatusCommonRegistryText: readonly string[];
  readonly incidentStatusInternalText: readonly string[];
  readonly internalIncidentId: string;
  readonly locationReference?: readonly Reference[];
  readonly personReference: readonly Reference[];
  readonly notesReference: readonly Reference[];
  readonly agentReference?: readonly Reference[];
  readonly dispositionComponent?: readonly EidoDisposition[];
}

export interface Eido extends Component {
  readonly eidoVersion: '1.0';
  readonly issuingElementIdentification: string;
  readonly agencyComponent: readonly EidoAgency[];
  readonly agentComponent?: readonly EidoCallTaker[];
  readonly incidentComponent: EidoIncident;
  readonly callComponent?: readonly EidoCall[];
  readonly callbackComponent?: readonly EidoCallback[];
  readonly personComponent: readonly EidoPerson[];
  readonly locationComponent?: readonly EidoLocation[];
  readonly notesComponent: readonly EidoNotes[];
  readonly linkComponent?: readonly EidoLink[];
}
